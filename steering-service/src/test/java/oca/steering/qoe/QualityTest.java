package oca.steering.qoe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import oca.config.ByteSize;
import oca.steering.rank.Shares;
import org.junit.jupiter.api.Test;

class QualityTest {
  private static final long HALF_LIFE = Duration.ofMinutes(2).toNanos();
  private static final QoeConfig CONFIG =
      new QoeConfig(
          Duration.ofMinutes(2), 50, 5, 0.02, 2, 0.1, 65_536, new ByteSize(64 << 10), 200);

  private final Quality quality = new Quality(CONFIG, 7, 0);

  @Test
  void shares_nothingReported_areWhole() {
    assertEquals(1, quality.shares(0).of(0));
    assertEquals(1, quality.shares(0).of(-1));
    assertEquals(1, quality.shares(0).of(1_000_000));
  }

  @Test
  void shares_oneHurtsItsPlayers_losesShareAndTheOthersDoNot() {
    for (int i = 0; i < 400; i++) {
      quality.report(0, i, i % 5 == 0, 0);
      quality.report(1, i, i % 100 == 0, 0);
      quality.report(2, i, i % 100 == 1, 0);
    }
    Shares shares = quality.shares(0);
    assertEquals(1, shares.of(1));
    assertEquals(1, shares.of(2));
    // The others: 8 of 800 bad, with 1 of 50 for what is usual; twice that, of 80 - 5 of 400.
    assertEquals(2 * (8 + 1) / 850.0 / (75 / 400.0), shares.of(0), 1e-9);
  }

  @Test
  void shares_allAreBad_nobodyLoses() {
    for (int i = 0; i < 2000; i++) {
      for (int member = 0; member < 4; member++) {
        quality.report(member, i, i % 4 == 0, 0);
      }
    }
    for (int member = 0; member < 4; member++) {
      assertEquals(1, quality.shares(0).of(member));
    }
  }

  @Test
  void shares_nothingButFailures_keepTheFloor() {
    for (int i = 0; i < 5000; i++) {
      quality.report(0, i, true, 0);
      quality.report(1, i, false, 0);
    }
    assertEquals(0.1, quality.shares(0).of(0));
  }

  @Test
  void shares_timePasses_comeBackWithoutAnyReport() {
    for (int i = 0; i < 400; i++) {
      quality.report(0, i, true, 0);
      quality.report(1, i, false, 0);
    }
    double before = quality.shares(0).of(0);
    assertTrue(before < 0.2);
    for (int half = 0; half <= 6; half++) {
      double share = quality.shares(half * HALF_LIFE / 2).of(0);
      assertTrue(share >= before, "share " + share + " after " + half + " half half-lives");
      before = share;
    }
    assertEquals(1, before, 1e-9, "400 reports count 50 by then");
  }

  @Property(tries = 200)
  void shares_oneNetworkLies_moveNobody(
      @ForAll @IntRange(min = 1, max = 5000) int reports, @ForAll long network) {
    Quality fresh = new Quality(CONFIG, network, 0);
    for (int i = 0; i < 60; i++) {
      fresh.report(0, 1000 + i, false, 0);
      fresh.report(1, 1000 + i, false, 0);
    }
    int taken = 0;
    for (int i = 0; i < reports; i++) {
      taken += fresh.report(0, network, true, i) ? 1 : 0;
    }
    assertTrue(taken <= CONFIG.perNetwork());
    assertEquals(1, fresh.shares(reports).of(0));
  }

  @Property(tries = 200)
  void report_anyTimes_oneNetworkNeverWeighsMoreThanItMay(
      @ForAll @Size(max = 200) List<@IntRange(max = 60) Integer> secondsBetween) {
    Quality fresh = new Quality(CONFIG, 3, 0);
    long now = 0;
    for (int seconds : secondsBetween) {
      now += Duration.ofSeconds(seconds).toNanos();
      fresh.report(0, 99, true, now);
      assertTrue(fresh.weight(0, now) <= CONFIG.perNetwork() + 1e-9);
    }
  }

  @Property(tries = 300)
  void shares_anyReports_areBetweenFloorAndOneAndFallWithBadOnes(
      @ForAll @IntRange(max = 300) int good,
      @ForAll @IntRange(max = 300) int bad,
      @ForAll @IntRange(max = 300) int others,
      @ForAll @IntRange(max = 100) int more) {
    double share = share(good, bad, others);
    assertTrue(share >= CONFIG.floor() && share <= 1);
    assertTrue(share(good, bad + more, others) <= share + 1e-9);
  }

  @Test
  void report_clockGoesBack_isNoHarm() {
    assertTrue(quality.report(0, 1, true, 1000));
    assertTrue(quality.report(0, 1, true, 0));
    for (int i = 0; i < 3; i++) {
      assertTrue(quality.report(0, 1, true, 0));
    }
    assertFalse(quality.report(0, 1, true, 0));
    assertEquals(1, quality.shares(0).of(0));
  }

  private static double share(int good, int bad, int others) {
    Quality fresh = new Quality(CONFIG, 11, 0);
    for (int i = 0; i < others; i++) {
      fresh.report(1, i, false, 0);
    }
    for (int i = 0; i < good + bad; i++) {
      fresh.report(0, 1_000_000L + i, i >= good, 0);
    }
    return fresh.shares(0).of(0);
  }
}
