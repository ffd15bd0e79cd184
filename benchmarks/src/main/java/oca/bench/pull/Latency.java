package oca.bench.pull;

import java.util.Locale;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/**
 * How long something took, in milliseconds.
 *
 * @param count how often it was seen
 * @param p50 half of them took less
 * @param p99 99 of 100 took less
 * @param max the longest
 */
record Latency(long count, double p50, double p99, double max) {
  private static final long MOST_NANOS = 600_000_000_000L;

  /** Of durations in nanoseconds; what is below zero counts as zero. */
  static Latency of(LongStream nanos) {
    Histogram all = new Histogram(MOST_NANOS, 3);
    nanos.forEach(each -> all.recordValue(Math.clamp(each, 0, MOST_NANOS)));
    return new Latency(
        all.getTotalCount(),
        all.getValueAtPercentile(50) / 1e6,
        all.getValueAtPercentile(99) / 1e6,
        all.getMaxValue() / 1e6);
  }

  /** The three figures for a table, 8 characters each. */
  String columns() {
    return String.format(Locale.ROOT, "%8.2f %8.2f %8.2f", p50, p99, max);
  }
}
