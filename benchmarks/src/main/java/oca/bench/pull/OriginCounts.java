package oca.bench.pull;

/**
 * What the origin has counted since it was started.
 *
 * @param connections that it has accepted
 * @param objects requests for objects
 * @param live requests for live segments, those included that came too early
 * @param absent requests for what is not there and never will be
 * @param tooEarly requests for live segments that were answered 404
 * @param bytes of bodies
 * @param faults connections that broke off in the middle of an answer
 */
record OriginCounts(
    long connections,
    long objects,
    long live,
    long absent,
    long tooEarly,
    long bytes,
    long faults) {
  /** Of any kind. */
  long requests() {
    return objects + live + absent;
  }
}
