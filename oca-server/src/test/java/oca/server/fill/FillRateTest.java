package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class FillRateTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong nanos = new AtomicLong(123);
  private final FillRate rate = new FillRate(nanos::get);

  @Test
  void spend_oneSecondsWorth_waitsASecond() {
    rate.limit(1000);
    assertEquals(SECOND, rate.spend(1000));
  }

  @Test
  void spend_byTwoWorkersAtOnce_makesTheSecondWaitForTheFirst() {
    rate.limit(1000);
    long first = rate.spend(1000);
    assertEquals(first + SECOND, rate.spend(1000));
  }

  @Test
  void spend_afterALongPause_catchesUpNoMoreThanTheBurst() {
    rate.limit(1000);
    nanos.addAndGet(3600 * SECOND);
    assertEquals(SECOND - FillRate.BURST_NANOS, rate.spend(1000));
  }

  @Test
  void limit_raised_countsFromTheNextSpending() {
    rate.limit(1000);
    nanos.addAndGet(rate.spend(1000));
    rate.limit(2000);
    assertEquals(SECOND / 2, rate.spend(1000));
  }

  @Test
  void chunk_slowRate_isSmallEnoughToWaitShortly() {
    rate.limit(1000);
    assertEquals(50, rate.chunk(4096));
    rate.limit(1);
    assertEquals(1, rate.chunk(4096));
    rate.limit(1L << 40);
    assertEquals(4096, rate.chunk(4096));
  }

  @Property
  void spend_anyChunks_keepsTheRateWithinTheBurst(
      @ForAll @LongRange(min = 100, max = 10_000_000_000L) long bytesPerSecond,
      @ForAll @IntRange(min = 1, max = 4096) int most) {
    AtomicLong clock = new AtomicLong();
    FillRate tried = new FillRate(clock::get);
    tried.limit(bytesPerSecond);
    int chunk = tried.chunk(most);
    long bytes = 0;
    for (int i = 0; i < 500; i++) {
      clock.addAndGet(tried.spend(chunk));
      bytes += chunk;
    }
    double expected = bytes * 1e9 / bytesPerSecond;
    // Each of 500 spendings is rounded to a nanosecond.
    assertEquals(expected, (double) clock.get(), FillRate.BURST_NANOS + 500);
    assertTrue(clock.get() >= expected - FillRate.BURST_NANOS - 500);
  }
}
