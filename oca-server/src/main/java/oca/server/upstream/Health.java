package oca.server.upstream;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an upstream may be asked: not while its breaker is open, while it wants to be left alone
 * (Retry-After), or while it fails when it is looked at. Safe on any thread.
 *
 * <p>Who is let through by {@link #tryAcquire} says exactly once what became of it: {@link
 * #succeeded}, {@link #failed} or {@link #released}.
 */
final class Health {
  private static final Logger log = LoggerFactory.getLogger(Health.class);

  private final CircuitBreaker breaker;
  private final InstantSource clock;
  private final Duration openFor;
  private final AtomicLong leftAloneUntil = new AtomicLong();
  private volatile long probeAt;
  private volatile @Nullable String checkFault;

  Health(String name, UpstreamsConfig.Breaker config, InstantSource clock) {
    this.clock = clock;
    this.openFor = config.openFor();
    this.breaker =
        CircuitBreaker.of(
            name,
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(config.window())
                .minimumNumberOfCalls(config.least())
                .failureRateThreshold(config.share())
                .waitDurationInOpenState(openFor)
                .permittedNumberOfCallsInHalfOpenState(config.probes())
                .clock(clock.withZone(ZoneOffset.UTC))
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(
            event -> {
              CircuitBreaker.State now = event.getStateTransition().getToState();
              if (now == CircuitBreaker.State.OPEN) {
                probeAt = clock.millis() + openFor.toMillis();
                log.warn("{} fails too often and is left out for {}", name, openFor);
              } else if (now == CircuitBreaker.State.CLOSED) {
                log.info("{} is asked again", name);
              }
            });
  }

  /** Lets one try through, if any may be made now. */
  boolean tryAcquire() {
    return !isLeftAlone() && checkFault == null && breaker.tryAcquirePermission();
  }

  void succeeded() {
    breaker.onSuccess(0, TimeUnit.NANOSECONDS);
  }

  /** Also of one that succeeded before, when its answer broke off later. */
  void failed(UpstreamFailure failure) {
    // The breaker wants to be shown an exception; it only counts them.
    Exception shown = new MalformedException(failure, failure.sentence());
    breaker.onError(0, TimeUnit.NANOSECONDS, shown);
  }

  /** Whether those that are let through are to show if more may be. */
  boolean isProbed() {
    return breaker.getState() == CircuitBreaker.State.HALF_OPEN;
  }

  /** It shows nothing: it was given up. */
  void released() {
    breaker.releasePermission();
  }

  /** Nobody asks it for so long. */
  void leaveAlone(Duration time) {
    leftAloneUntil.accumulateAndGet(clock.millis() + time.toMillis(), Math::max);
  }

  /** What the last look at it showed; null for nothing wrong. */
  void checked(@Nullable String fault) {
    if ((fault == null) != (checkFault == null)) {
      log.info("{}: {}", breaker.getName(), fault == null ? "the check succeeds" : fault);
    }
    checkFault = fault;
  }

  private boolean isLeftAlone() {
    return leftAloneUntil.get() > clock.millis();
  }

  /** Why it is not asked at present, or null when it is. */
  @Nullable String whyNot() {
    if (isLeftAlone()) {
      return "it asked to be left alone (Retry-After)";
    }
    String fault = checkFault;
    if (fault != null) {
      return "the check fails: " + fault;
    }
    return breaker.getState() == CircuitBreaker.State.OPEN && probeAt > clock.millis()
        ? "too many failures"
        : null;
  }

  /** When it may be asked again, in milliseconds from now, as far as that is known. */
  long millisToNextTry() {
    long now = clock.millis();
    long wait = leftAloneUntil.get() - now;
    if (breaker.getState() == CircuitBreaker.State.OPEN) {
      wait = Math.max(wait, probeAt - now);
    }
    return Math.max(0, wait);
  }

  /** The breaker's state. */
  String breaker() {
    return breaker.getState().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
