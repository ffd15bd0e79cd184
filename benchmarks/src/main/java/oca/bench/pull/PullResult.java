package oca.bench.pull;

/**
 * How a run went as a whole; each answer is among its {@link Samples}.
 *
 * @param fault why the run was given up; empty when it was not
 * @param seconds from the first request to the last answer
 * @param serverCpuSeconds user and system time of the servers
 * @param clientCpuSeconds the client's own
 */
record PullResult(String fault, double seconds, double serverCpuSeconds, double clientCpuSeconds) {
  static PullResult failed(String fault) {
    return new PullResult(fault, 0, 0, 0);
  }
}
