package oca.fill.jobs;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import oca.model.ApplianceId;

/**
 * How long to wait after failures: between the tries of one job, and with an appliance where most
 * things fail, so that one with a broken disk does not use up the tries of all its jobs. Both by
 * resilience4j, on the engine's clock.
 */
final class Patience {
  private final IntervalFunction waits;
  private final CircuitBreakerConfig breakers;

  Patience(EngineSettings settings, LongSupplier nanoTime) {
    this.waits =
        IntervalFunction.ofExponentialBackoff(settings.firstWait(), 2, settings.longestWait());
    InstantSource ticks = () -> Instant.ofEpochSecond(0, nanoTime.getAsLong());
    Clock clock = ticks.withZone(ZoneOffset.UTC);
    this.breakers =
        CircuitBreakerConfig.custom()
            .slidingWindowType(SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(settings.breakAfter())
            .minimumNumberOfCalls(settings.breakAfter())
            .failureRateThreshold(51)
            .waitDurationInOpenState(settings.breakFor())
            .permittedNumberOfCallsInHalfOpenState(1)
            // What was let through may never end: the appliance is gone. Then it is tried anew.
            .maxWaitDurationInHalfOpenState(Duration.ZERO)
            .clock(clock)
            .build();
  }

  /** Milliseconds before the next try, after {@code failures} of them, 1 or more. */
  long wait(int failures) {
    return waits.apply(Math.max(1, failures));
  }

  CircuitBreaker breaker(ApplianceId appliance) {
    return CircuitBreaker.of(appliance.value(), breakers);
  }

  static void succeeded(CircuitBreaker breaker) {
    breaker.onSuccess(0, TimeUnit.NANOSECONDS);
  }

  static void failed(CircuitBreaker breaker) {
    // It wants to be shown an exception; it only counts them.
    breaker.onError(0, TimeUnit.NANOSECONDS, new IllegalStateException("a fill failed"));
  }
}
