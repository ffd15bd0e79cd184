package oca.bench.serve;

/**
 * What the client saw.
 *
 * @param fault why the run was given up; empty when it was not
 * @param requests answers that ended in the window
 * @param bytes of bodies that arrived in the window, whether their answer ended in it or not
 * @param seconds the window's length
 * @param serverCpuSeconds user and system time of the servers in the window
 * @param clientCpuSeconds the client's own
 * @param p50Millis from a request to the last byte of its answer; half of the answers were faster
 * @param p99Millis 99 of 100 were faster
 * @param p999Millis 999 of 1000 were faster
 * @param maxMillis the slowest
 * @param allRequests answers in the whole run, ramp and end included
 * @param asked requests in the whole run
 * @param receives reads that brought bytes, in the window
 */
public record LoadResult(
    String fault,
    long requests,
    long bytes,
    double seconds,
    double serverCpuSeconds,
    double clientCpuSeconds,
    double p50Millis,
    double p99Millis,
    double p999Millis,
    double maxMillis,
    long allRequests,
    long asked,
    long receives) {

  static LoadResult failed(String fault) {
    return failed(fault, 0, 0);
  }

  /** A run that was given up after so many answers to so many requests. */
  static LoadResult failed(String fault, long answered, long asked) {
    return new LoadResult(fault, 0, 0, 0, 0, 0, 0, 0, 0, 0, answered, asked, 0);
  }
}
