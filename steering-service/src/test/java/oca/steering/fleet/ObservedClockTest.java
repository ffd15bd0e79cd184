package oca.steering.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ObservedClockTest {
  private static final Duration TOLERANCE = Duration.ofMillis(400);
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private long nanos = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();
  private final long began = nanos;
  private final ObservedClock clock = new ObservedClock(() -> nanos, TOLERANCE, SETTLE);

  @Test
  void clock_tickedInTime_goesLikeTheOneBelow() {
    run(Duration.ofSeconds(5));
    assertEquals(Duration.ofSeconds(5).toMillis(), observedMillis());
    assertEquals(0, clock.pauses());
    assertEquals(Duration.ZERO, clock.missed());
  }

  @Test
  void clock_overAPause_standsStillAlsoForWhoWakesFirst() {
    run(Duration.ofSeconds(1));
    nanos += Duration.ofMinutes(1).toNanos();
    assertEquals(1400, observedMillis(), "the reader woke before the watchdog");
    run(Duration.ofSeconds(1));
    assertEquals(1400, observedMillis(), "heartbeats that waited have a second to arrive");
    run(Duration.ofSeconds(1));
    assertEquals(2300, observedMillis(), "the first tick came 100 ms after the pause");
    assertEquals(1, clock.pauses());
    assertEquals(Duration.ofMillis(60_700), clock.missed());
  }

  @Test
  void clock_pausedAgainAndAgain_stillGoesOn() {
    for (int i = 0; i < 10; i++) {
      nanos += Duration.ofMillis(500).toNanos();
      clock.tick();
      run(Duration.ofMillis(500));
    }
    assertTrue(observedMillis() >= 3000, "of ten seconds: " + observedMillis());
  }

  /** It never goes back, and never faster than the one below. */
  @Property(tries = 300)
  void clock_anyTicks_isMonotonicAndNoFaster(@ForAll long seed) {
    Random random = new Random(seed);
    long last = clock.getAsLong();
    for (int i = 0; i < 100; i++) {
      long step = random.nextLong(Duration.ofMillis(random.nextInt(9) == 0 ? 5000 : 200).toNanos());
      nanos += step;
      if (random.nextBoolean()) {
        clock.tick();
      }
      long now = clock.getAsLong();
      assertTrue(now - last >= 0 && now - last <= step, "seed " + seed);
      last = now;
    }
  }

  private void run(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 100) {
      nanos += Duration.ofMillis(Math.min(left, 100)).toNanos();
      clock.tick();
    }
  }

  private long observedMillis() {
    return (clock.getAsLong() - began) / 1_000_000;
  }
}
