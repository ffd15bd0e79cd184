package oca.store.simulate;

import java.io.IOException;

/**
 * Requests in the order they came. Can be told more than once and tells the same each time, unless
 * it is read from a pipe.
 */
@FunctionalInterface
public interface Trace {
  /** Tells all requests to the sink, on the caller's thread. */
  void tell(Sink sink) throws IOException;

  /** Takes one request after another. */
  @FunctionalInterface
  interface Sink {
    /**
     * One request.
     *
     * @param seconds since the trace's beginning, or since whatever its times are counted from
     * @param high the upper half of the object's name
     * @param low the lower half
     * @param bytes of the object, 0 or more
     */
    void request(long seconds, long high, long low, long bytes) throws IOException;
  }
}
