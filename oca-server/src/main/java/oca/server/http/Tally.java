package oca.server.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import oca.server.range.Outcome;

/** What a listener has done since its start. Safe on any thread. */
final class Tally {
  private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
  private final LongAdder bytes = new LongAdder();
  private final LongAdder brokenOff = new LongAdder();
  private final LongAdder readErrors = new LongAdder();
  private final LongAdder recordsLost = new LongAdder();
  private final LongAdder overruns = new LongAdder();

  Tally() {
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
  }

  private LongAdder of(Outcome outcome) {
    return Objects.requireNonNull(outcomes.get(outcome));
  }

  void ended(Outcome outcome, boolean complete) {
    of(outcome).increment();
    if (!complete) {
      brokenOff.increment();
    }
  }

  void handedOver(long count) {
    bytes.add(count);
  }

  void readFailed() {
    readErrors.increment();
  }

  void recordLost() {
    recordsLost.increment();
  }

  void pipelineOverran() {
    overruns.increment();
  }

  long requests() {
    return outcomes.values().stream().mapToLong(LongAdder::sum).sum();
  }

  Map<Outcome, Long> outcomes() {
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    outcomes.forEach((outcome, count) -> counts.put(outcome, count.sum()));
    return counts;
  }

  long bytes() {
    return bytes.sum();
  }

  long brokenOff() {
    return brokenOff.sum();
  }

  long readErrors() {
    return readErrors.sum();
  }

  long recordsLost() {
    return recordsLost.sum();
  }

  long overruns() {
    return overruns.sum();
  }
}
