package oca.bench.pull;

import java.util.List;

/**
 * What the client is to do, as one line of JSON.
 *
 * @param port on 127.0.0.1
 * @param connections kept alive, each with one request at a time
 * @param plan what is asked for
 * @param seed of what is random
 * @param object number of the first object or segment
 * @param objects how many of them
 * @param objectBytes the length of each
 * @param rangeBytes of each range
 * @param asks of each connection
 * @param everyMillis from one request of a connection to its next one, and to one more after a 404;
 *     0 for at once
 * @param seconds after which nothing more is asked, where the plan does not end by itself
 * @param timeoutMillis after which an answer counts as late
 * @param samples the file into which {@link Samples} go
 * @param servers processes whose CPU time is read at the beginning and the end
 */
record PullOrder(
    int port,
    int connections,
    Plan plan,
    long seed,
    long object,
    long objects,
    long objectBytes,
    long rangeBytes,
    int asks,
    int everyMillis,
    double seconds,
    int timeoutMillis,
    String samples,
    List<Long> servers) {

  /** What is asked for. */
  enum Plan {
    /** Each connection asks for {@code asks} random ranges of one object. */
    RANGES,
    /** Each connection asks for all segments in turn, for one that is not there yet again. */
    SEGMENTS,
    /** For so many seconds, random ones of so many paths that are not there. */
    ABSENT,
    /** Each object once, by whichever connection is free. */
    OBJECTS,
    /** For so many seconds, one of the objects or one that nobody has asked for yet, by turns. */
    MIXED
  }
}
