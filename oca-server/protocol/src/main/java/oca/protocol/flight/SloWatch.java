package oca.protocol.flight;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Looks whether objectives are met, and whether it is itself called as often as it should: when a
 * thread that only sleeps wakes up late, all of the process was late. One thread; the time comes
 * from outside.
 */
final class SloWatch {
  private final SloConfig slo;
  private final Duration every;
  private final List<Objective> objectives;
  private final LongSupplier nanoTime;
  private final long begun;
  private long looked;

  SloWatch(SloConfig slo, Duration every, List<Objective> objectives, LongSupplier nanoTime) {
    this.slo = slo;
    this.every = every;
    this.objectives = List.copyOf(objectives);
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
    this.looked = begun;
  }

  /** To be called {@code every} so often. The first objective that is missed counts. */
  Optional<Cause> look() throws InterruptedException {
    long now = nanoTime.getAsLong();
    long late = now - looked - every.toNanos();
    Optional<Cause> missed =
        late > slo.stall().toNanos() ? Optional.of(Cause.PAUSE) : Optional.empty();
    for (Objective objective : objectives) {
      // All are asked, for they go by what has changed since they were.
      Optional<Cause> found = objective.look();
      missed = missed.or(() -> found);
    }
    looked = nanoTime.getAsLong();
    return now - begun < slo.after().toNanos() ? Optional.empty() : missed;
  }
}
