package oca.bench.fleet;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What the simulated hosts see, by kind of exchange. Safe on any thread. */
final class Figures {
  /** What is asked. */
  enum Kind {
    STEERING_HEARTBEAT,
    CONTROLLER_HEARTBEAT,
    INVENTORY,
    DELTA,
    MANIFEST,
    FILL_REPORT,
    SERVE_RECORDS,
    DECISION
  }

  /**
   * Of one kind, since the last time.
   *
   * @param answers of any status
   * @param good of them 2xx or 304
   * @param failed that were not answered in time, or not at all
   * @param sentBytes of bodies
   * @param gotBytes of bodies
   */
  record Seen(
      long answers,
      long good,
      long failed,
      double p50Millis,
      double p99Millis,
      double mostMillis,
      long sentBytes,
      long gotBytes) {}

  private static final class Count {
    final Recorder micros = new Recorder(3);
    final LongAdder good = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder got = new LongAdder();
  }

  private final Map<Kind, Count> counts = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
  private final Recorder late = new Recorder(3);

  void answered(Kind kind, long micros, int status, int sent, int got) {
    Count count = count(kind);
    count.micros.recordValue(Math.max(0, micros));
    count.sent.add(sent);
    count.got.add(got);
    if (status / 100 == 2 || status == 304) {
      count.good.increment();
    } else {
      refusals.computeIfAbsent(kind + " " + status, _ -> new LongAdder()).increment();
    }
  }

  void failed(Kind kind, String why) {
    count(kind).failed.increment();
    refusals.computeIfAbsent(kind + " " + why, _ -> new LongAdder()).increment();
  }

  /** By how much this process was late to begin an exchange: its own fault. */
  void begunLate(long micros) {
    late.recordValue(Math.max(0, micros));
  }

  /** What was seen since the last call, and begins anew. */
  Map<Kind, Seen> take() {
    Map<Kind, Seen> seen = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      Count count = count(kind);
      Histogram micros = count.micros.getIntervalHistogram();
      seen.put(
          kind,
          new Seen(
              micros.getTotalCount(),
              count.good.sumThenReset(),
              count.failed.sumThenReset(),
              micros.getValueAtPercentile(50) / 1e3,
              micros.getValueAtPercentile(99) / 1e3,
              micros.getMaxValue() / 1e3,
              count.sent.sumThenReset(),
              count.got.sumThenReset()));
    }
    return seen;
  }

  /** What was not taken, by kind and status or fault, since the last call. */
  Map<String, Long> takeRefusals() {
    Map<String, Long> taken = new TreeMap<>();
    refusals.forEach((name, count) -> taken.put(name, count.sumThenReset()));
    taken.values().removeIf(count -> count == 0);
    return taken;
  }

  /** Milliseconds by which this process began late, of 99 of a hundred at most. */
  double takeLateP99() {
    return late.getIntervalHistogram().getValueAtPercentile(99) / 1e3;
  }

  private Count count(Kind kind) {
    return counts.computeIfAbsent(kind, _ -> new Count());
  }
}
