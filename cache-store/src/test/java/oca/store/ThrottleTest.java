package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The rate of a scrub, on a clock that only goes on while somebody rests. */
class ThrottleTest {
  private static final long RATE = 10 << 20;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private long now = 1;
  private boolean goesOn = true;
  private final Throttle throttle =
      new Throttle(
          RATE,
          () -> now,
          nanos -> {
            now += nanos;
            return goesOn;
          });

  @Test
  void take_ofManySizes_keepsToTheRate() {
    SplittableRandom random = new SplittableRandom(7);
    long bytes = 0;
    while (bytes < 60 * RATE) {
      int size = random.nextInt(1, 2 << 20);
      assertTrue(throttle.take(size));
      bytes += size;
      // Reading takes time too, which is not added to the rate's.
      now += random.nextLong(SECOND / 20);
    }
    double rate = (double) bytes * SECOND / now;
    assertEquals(RATE, rate, RATE * 0.2);
    assertTrue(rate <= RATE * 1.01, "rate " + rate);
  }

  @Test
  void take_afterARest_doesNotCatchUp() {
    throttle.take(1);
    now += 100 * SECOND;
    long begin = now;
    for (int i = 0; i < 10; i++) {
      throttle.take(RATE / 10);
    }
    assertTrue(now - begin >= SECOND * 8 / 10, "ten parts took " + (now - begin) + " ns");
  }

  @Test
  void take_ofMoreThanASecondIsWorth_restsInSlicesAndCanBeEnded() {
    long begin = now;
    assertTrue(throttle.take(5 * RATE));
    assertTrue(now - begin >= 4 * SECOND);
    goesOn = false;
    begin = now;
    assertFalse(throttle.take(100 * RATE));
    assertTrue(now - begin <= SECOND);
  }
}
