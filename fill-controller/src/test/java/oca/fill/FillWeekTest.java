package oca.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import oca.fill.FillWeek.SiteWindows;
import oca.fill.FillWeek.Span;
import oca.fill.day.DayScale;
import oca.fill.day.FillCalendar;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;

class FillWeekTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");
  private static final Instant NOON = Instant.parse("2026-03-27T12:00:00Z");

  @Test
  void week_overTheChangeToSummerTime_keepsLocalTime() {
    FillWeek week = week(NOON, 4, scale(Duration.ofDays(1)));
    List<Span> windows = week.sites().getFirst().windows();
    assertEquals(
        List.of("2026-03-27T22:30:00Z", "2026-03-28T22:30:00Z", "2026-03-29T21:30:00Z"),
        windows.subList(0, 3).stream().map(it -> it.opens().toString()).toList());
    assertEquals(Instant.parse("2026-03-31T12:00:00Z"), week.until());
  }

  @Test
  void week_windowOpen_isFirst() {
    FillWeek week = week(Instant.parse("2026-03-27T23:00:00Z"), 1, scale(Duration.ofDays(1)));
    SiteWindows north = week.sites().getFirst();
    assertEquals(
        new Span(Instant.parse("2026-03-27T22:30:00Z"), Instant.parse("2026-03-28T04:30:00Z")),
        north.windows().getFirst());
    assertEquals(List.of(NORTH, SOUTH), week.sites().stream().map(SiteWindows::site).toList());
  }

  @Test
  void week_compressedDay_isDaysOfThePlan() {
    FillWeek week = week(NOON, 2, scale(Duration.ofSeconds(24)));
    assertEquals(NOON.plusSeconds(48), week.until());
    assertEquals(2, week.sites().getFirst().windows().size());
    assertTrue(week.sites().getFirst().windows().getFirst().opens().isBefore(week.until()));
  }

  @Test
  void days_outOfRange_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> week(NOON, 0, scale(Duration.ofDays(1))));
    assertThrows(IllegalArgumentException.class, () -> week(NOON, 32, scale(Duration.ofDays(1))));
  }

  private static FillWeek week(Instant now, int days, DayScale scale) {
    FillCalendar calendar =
        new FillCalendar(LocalTime.of(23, 30), LocalTime.of(5, 30), ZoneId.of("Europe/Berlin"));
    return FillWeek.of(now, days, scale, new TreeSet<>(Set.of(NORTH, SOUTH)), _ -> calendar::at);
  }

  private static DayScale scale(Duration day) {
    return new DayScale(NOON, NOON, day);
  }
}
