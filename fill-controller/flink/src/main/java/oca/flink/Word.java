package oca.flink;

/**
 * A result: the newest value of a key, which replaces the one before. So one that is said again
 * after a restart changes nothing.
 *
 * @param kind of results, one of those below
 * @param value JSON
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Word(String kind, String key, byte[] value) {
  /** Of a region, or {@code *} for all of them: {@link Popular}. */
  static final String POPULARITY = "popularity";

  /** Of a file, region and hour: {@link DemandSum}. */
  static final String DEMAND = "demand";

  /** Of all dimensions: {@link oca.fill.causes.Cell}. */
  static final String MISSES = "misses";

  /** Of a name: {@link Counted}, since the beginning. */
  static final String COUNTS = "counts";
}
