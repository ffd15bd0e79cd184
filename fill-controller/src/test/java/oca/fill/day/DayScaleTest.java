package oca.fill.day;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class DayScaleTest {
  private static final Instant ANCHOR = Instant.parse("2026-11-01T12:00:00Z");
  private static final Instant MIDNIGHT = Instant.parse("2026-11-01T00:00:00Z");

  @Test
  void plan_dayOf24Hours_isTheWall() {
    DayScale scale = new DayScale(ANCHOR, ANCHOR, Duration.ofDays(1));
    Instant wall = Instant.parse("2031-02-03T04:05:06.789012345Z");
    assertEquals(wall, scale.plan(wall));
    assertEquals(wall, scale.wall(wall));
  }

  @Test
  void plan_dayOf30Seconds_runs2880TimesAsFast() {
    DayScale scale = new DayScale(ANCHOR, MIDNIGHT, Duration.ofSeconds(30));
    assertEquals(MIDNIGHT, scale.plan(ANCHOR));
    assertEquals(MIDNIGHT.plus(Duration.ofHours(2)), scale.plan(ANCHOR.plusMillis(2500)));
    assertEquals(MIDNIGHT.plus(Duration.ofDays(3)), scale.plan(ANCHOR.plusSeconds(90)));
    assertEquals(MIDNIGHT.minus(Duration.ofHours(24)), scale.plan(ANCHOR.minusSeconds(30)));
  }

  @Property
  void wall_ofPlan_isTheWallAgain(
      @ForAll @LongRange(min = -4_000_000_000_000L, max = 4_000_000_000_000L) long millis,
      @ForAll @LongRange(min = 1, max = 172_800_000) long dayMillis) {
    DayScale scale = new DayScale(ANCHOR, MIDNIGHT, Duration.ofMillis(dayMillis));
    Instant wall = ANCHOR.plusMillis(millis % (dayMillis * 100_000));
    Duration off = Duration.between(wall, scale.wall(scale.plan(wall))).abs();
    assertTrue(off.compareTo(Duration.ofNanos(1 + dayMillis / 86_400_000)) <= 0, off.toString());
  }

  @Property
  void plan_laterWall_isNotEarlier(
      @ForAll @LongRange(min = -100_000, max = 100_000) long first,
      @ForAll @LongRange(min = 0, max = 100_000) long more,
      @ForAll @LongRange(min = 1, max = 100_000) long dayMillis) {
    DayScale scale = new DayScale(ANCHOR, MIDNIGHT, Duration.ofMillis(dayMillis));
    Instant wall = ANCHOR.plusMillis(first);
    assertTrue(!scale.plan(wall.plusMillis(more)).isBefore(scale.plan(wall)));
  }

  @Test
  void create_dayOfNothing_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new DayScale(ANCHOR, ANCHOR, Duration.ZERO));
  }
}
