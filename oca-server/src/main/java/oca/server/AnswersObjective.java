package oca.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import oca.protocol.flight.Cause;
import oca.protocol.flight.Objective;
import oca.protocol.flight.SloConfig;
import oca.server.http.FirstBytes;
import oca.server.range.Outcome;

/**
 * What viewers are promised: first bytes in time, and few answers of 5xx, over the last seconds.
 * One thread.
 */
final class AnswersObjective implements Objective {
  private static final double ONE_OF_A_HUNDRED = 0.01;

  private final SloConfig slo;
  private final Supplier<FirstBytes.Snapshot> firstBytes;
  private final Supplier<Map<Outcome, Long>> outcomes;
  private final LongSupplier nanoTime;
  private final Deque<Sample> samples = new ArrayDeque<>();

  /** Totals at one moment. */
  private record Sample(long nanos, long answers, long late, long requests, long errors) {}

  AnswersObjective(
      SloConfig slo,
      Supplier<FirstBytes.Snapshot> firstBytes,
      Supplier<Map<Outcome, Long>> outcomes,
      LongSupplier nanoTime) {
    this.slo = slo;
    this.firstBytes = firstBytes;
    this.outcomes = outcomes;
    this.nanoTime = nanoTime;
  }

  @Override
  public Optional<Cause> look() {
    Sample now = sample();
    samples.addLast(now);
    while (samples.size() > 2 && now.nanos - samples.getFirst().nanos > slo.over().toNanos()) {
      samples.removeFirst();
    }
    Sample before = samples.getFirst();
    long requests = now.requests - before.requests;
    if (requests >= slo.least() && now.errors - before.errors > slo.errors() * requests) {
      return Optional.of(Cause.ERRORS);
    }
    long answers = now.answers - before.answers;
    return answers >= slo.least() && now.late - before.late > ONE_OF_A_HUNDRED * answers
        ? Optional.of(Cause.FIRST_BYTE)
        : Optional.empty();
  }

  private Sample sample() {
    FirstBytes.Snapshot times = firstBytes.get();
    long bound = slo.firstByte().toNanos() / 1000;
    List<Long> ends = times.upToMicros();
    long answers = 0;
    long late = 0;
    for (int i = 0; i < times.counts().size(); i++) {
      long count = times.counts().get(i);
      // A bucket in which the bound lies is taken for in time.
      boolean isLate = i > 0 && ends.get(i - 1) >= bound;
      answers += count;
      late += isLate ? count : 0;
    }
    long requests = 0;
    long errors = 0;
    for (Map.Entry<Outcome, Long> outcome : outcomes.get().entrySet()) {
      requests += outcome.getValue();
      errors += outcome.getKey().status() >= 500 ? outcome.getValue() : 0;
    }
    return new Sample(nanoTime.getAsLong(), answers, late, requests, errors);
  }
}
