package oca.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import oca.model.ContentId;

/**
 * How long answers with content took to their first byte: from the request's last byte read to the
 * first of the file handed to the kernel. Unlike the time of a whole answer it does not depend on
 * how fast the viewer reads. Any thread; makes no garbage and takes no lock.
 */
public final class FirstBytes {
  /** Upper ends of the buckets in microseconds, each included; the last bucket has no end. */
  private static final long[] MICROS = {
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000
  };

  /** Those that took longer have an event of their own in the flight recording. */
  private static final long SLOW_MICROS = 100_000;

  private final LongAdder[] counts = new LongAdder[MICROS.length + 1];
  private final LongAdder sumMicros = new LongAdder();

  FirstBytes() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /**
   * What was counted.
   *
   * @param upToMicros upper ends of all buckets but the last, ascending
   * @param counts answers in each bucket by itself; one more than there are ends
   * @param sumMicros all times together
   */
  public record Snapshot(List<Long> upToMicros, List<Long> counts, long sumMicros) {
    public Snapshot {
      upToMicros = List.copyOf(upToMicros);
      counts = List.copyOf(counts);
    }
  }

  void count(long micros, ContentId file, int status) {
    int bucket = 0;
    while (bucket < MICROS.length && micros > MICROS[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sumMicros.add(micros);
    if (micros >= SLOW_MICROS) {
      SlowAnswer.note(micros, file, status);
    }
  }

  Snapshot snapshot() {
    List<Long> ends = new ArrayList<>(MICROS.length);
    for (long micros : MICROS) {
      ends.add(micros);
    }
    List<Long> each = new ArrayList<>(counts.length);
    for (LongAdder count : counts) {
      each.add(count.sum());
    }
    return new Snapshot(ends, each, sumMicros.sum());
  }
}
