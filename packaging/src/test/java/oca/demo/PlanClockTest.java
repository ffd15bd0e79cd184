package oca.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PlanClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:10Z");
  private final PlanClock clock = new PlanClock(START, Duration.ofSeconds(30));

  @Test
  void day_aroundMidnight_changesThere() {
    assertEquals(0, clock.day(START.minusMillis(1)));
    assertEquals(1, clock.day(START));
    assertEquals(1, clock.day(START.plusSeconds(30).minusMillis(1)));
    assertEquals(2, clock.day(clock.beginning(2)));
  }

  @Test
  void timeOfDay_halfADayIn_isNoon() {
    assertEquals("12:00", clock.timeOfDay(START.plusSeconds(45)));
    assertEquals("23:59", clock.timeOfDay(START.minusMillis(1)));
  }
}
