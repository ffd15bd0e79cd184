package oca.bench.serve;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** A connection's bytes, in the clear or under TLS. For one thread. */
sealed interface Line permits ClearLine, TlsLine {
  /** Nothing can be read now. */
  long AGAIN = -Calls.EAGAIN;

  int socket();

  /** Sends all of it at once; a request is far smaller than a send buffer. */
  void send(MemorySegment bytes, long length) throws IOException;

  /** Reads up to so many bytes: how many, 0 at the connection's end, or {@link #AGAIN}. */
  long receive(MemorySegment into, long length) throws IOException;

  /** The same, where nobody wants the bytes. */
  long discard(long length) throws IOException;

  /**
   * Whether a read that came back with less than it was asked for may have left bytes behind that
   * the socket does not tell of.
   */
  boolean keepsBack();

  void close();
}
