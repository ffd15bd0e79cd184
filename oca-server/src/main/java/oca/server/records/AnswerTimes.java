package oca.server.records;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import oca.protocol.ServeRecord;

/**
 * How long complete answers took, from the request's last byte read to the answer's last byte
 * handed over, in buckets that never change. Any thread; makes no garbage and takes no lock.
 */
public final class AnswerTimes implements Consumer<ServeRecord> {
  /**
   * Upper ends of the buckets in microseconds, each included in its bucket; the last bucket has no
   * end. From what a cached head costs to what a slow viewer takes for a long range.
   */
  private static final long[] MICROS = {
    50,
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
    10_000_000,
    30_000_000,
    60_000_000
  };

  private final LongAdder[] counts = new LongAdder[MICROS.length + 1];
  private final LongAdder sumMicros = new LongAdder();

  /** With nothing counted. */
  public AnswerTimes() {
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

  /** Counts an answer if it is complete: one that was broken off says when the viewer left. */
  @Override
  public void accept(ServeRecord record) {
    if (record.complete()) {
      count(record.micros());
    }
  }

  private void count(long micros) {
    int bucket = 0;
    while (bucket < MICROS.length && micros > MICROS[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sumMicros.add(micros);
  }

  /** What was counted up to now; answers that end meanwhile may be in it or not. */
  public Snapshot snapshot() {
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
