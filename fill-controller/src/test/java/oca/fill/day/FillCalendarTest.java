package oca.fill.day;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FillCalendarTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource({
    "02:00,14:00,2026-11-10T00:30:00Z,2026-11-10T01:00:00Z,2026-11-10T13:00:00Z,false",
    "02:00,14:00,2026-11-10T01:00:00Z,2026-11-10T01:00:00Z,2026-11-10T13:00:00Z,true",
    "02:00,14:00,2026-11-10T13:00:00Z,2026-11-11T01:00:00Z,2026-11-11T13:00:00Z,false",
    "22:00,06:00,2026-11-10T02:00:00Z,2026-11-09T21:00:00Z,2026-11-10T05:00:00Z,true",
    "22:00,06:00,2026-11-10T12:00:00Z,2026-11-10T21:00:00Z,2026-11-11T05:00:00Z,false",
    "00:00,00:00,2026-11-10T12:00:00Z,2026-11-09T23:00:00Z,2026-11-10T23:00:00Z,true",
  })
  void at_instant_isTheWindowOpenOrNext(
      LocalTime opens, LocalTime closes, Instant at, Instant from, Instant to, boolean open) {
    FillCalendar.Window window = new FillCalendar(opens, closes, BERLIN).at(at);
    assertEquals(new FillCalendar.Window(from, to), window);
    assertEquals(open, window.isOpen(at));
  }

  @Test
  void window_itsEnd_isOutside() {
    FillCalendar.Window window =
        new FillCalendar(LocalTime.of(2, 0), LocalTime.of(3, 0), BERLIN).at(Instant.EPOCH);
    assertTrue(window.isOpen(window.closes().minusNanos(1)));
    assertFalse(window.isOpen(window.closes()));
    assertFalse(window.isOpen(window.opens().minusNanos(1)));
  }

  /**
   * Berlin leaves out 02:00 to 03:00 on 29 March 2026 (01:00Z) and has it twice on 25 October: from
   * 00:00Z and from 01:00Z.
   */
  @ParameterizedTest
  @CsvSource({
    // A time that is left out stands for the moment of the change.
    "02:30,06:00,2026-03-28T20:00:00Z,2026-03-29T01:00:00Z,2026-03-29T04:00:00Z",
    "01:30,02:30,2026-03-28T20:00:00Z,2026-03-29T00:30:00Z,2026-03-29T01:00:00Z",
    "02:30,03:15,2026-03-28T20:00:00Z,2026-03-29T01:00:00Z,2026-03-29T01:15:00Z",
    // A window wholly inside the hour that is left out: the next day's.
    "02:15,02:45,2026-03-28T20:00:00Z,2026-03-30T00:15:00Z,2026-03-30T00:45:00Z",
    // Of the hour that comes twice the first counts.
    "02:30,06:00,2026-10-24T20:00:00Z,2026-10-25T00:30:00Z,2026-10-25T05:00:00Z",
    "01:30,02:30,2026-10-24T20:00:00Z,2026-10-24T23:30:00Z,2026-10-25T00:30:00Z",
    "02:15,02:45,2026-10-24T20:00:00Z,2026-10-25T00:15:00Z,2026-10-25T00:45:00Z",
    "02:15,02:45,2026-10-25T01:20:00Z,2026-10-26T01:15:00Z,2026-10-26T01:45:00Z",
    // Around the clock, and over midnight, across both changes.
    "02:30,02:30,2026-03-29T00:00:00Z,2026-03-28T01:30:00Z,2026-03-29T01:00:00Z",
    "23:00,02:30,2026-10-24T22:00:00Z,2026-10-24T21:00:00Z,2026-10-25T00:30:00Z",
  })
  void at_clocksChange_isByTheFirstMomentThatTheyShowTheTimeOrLater(
      LocalTime opens, LocalTime closes, Instant at, Instant from, Instant to) {
    assertEquals(new FillCalendar.Window(from, to), new FillCalendar(opens, closes, BERLIN).at(at));
  }

  @Test
  void at_anyHourOfThreeYears_windowsFollowEachOtherWithoutOverlap() {
    for (String zone : List.of("Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe")) {
      FillCalendar calendar =
          new FillCalendar(LocalTime.of(2, 15), LocalTime.of(2, 0), ZoneId.of(zone));
      Instant at = Instant.parse("2025-06-01T00:00:00Z");
      FillCalendar.Window before = calendar.at(at);
      for (int hour = 0; hour < 3 * 365 * 24; hour++) {
        at = at.plusSeconds(3600);
        FillCalendar.Window window = calendar.at(at);
        assertTrue(window.closes().isAfter(at), zone + " " + at);
        assertTrue(
            window.equals(before) || !window.opens().isBefore(before.closes()), zone + " " + at);
        before = window;
      }
    }
  }

  @Test
  void at_someDays_opensOnThoseOfItsZone() {
    FillCalendar weekend =
        new FillCalendar(
            LocalTime.of(23, 0),
            LocalTime.of(5, 0),
            BERLIN,
            Set.of(DayOfWeek.FRIDAY, DayOfWeek.SATURDAY));
    Instant wednesday = Instant.parse("2026-11-11T12:00:00Z");
    assertEquals(Instant.parse("2026-11-13T22:00:00Z"), weekend.at(wednesday).opens());
    Instant sundayMorning = Instant.parse("2026-11-15T03:00:00Z");
    assertTrue(weekend.at(sundayMorning).isOpen(sundayMorning), "it opened on Saturday");
    Instant sundayNoon = Instant.parse("2026-11-15T12:00:00Z");
    assertEquals(Instant.parse("2026-11-20T22:00:00Z"), weekend.at(sundayNoon).opens());
  }

  @Test
  void at_severalWindows_isTheOneOpenThatClosesLastOrTheNext() {
    FillCalendars site =
        new FillCalendars(
            List.of(
                new FillCalendar(LocalTime.of(2, 0), LocalTime.of(6, 0), BERLIN),
                new FillCalendar(LocalTime.of(5, 0), LocalTime.of(7, 0), BERLIN),
                new FillCalendar(LocalTime.of(12, 0), LocalTime.of(13, 0), ZoneId.of("UTC"))));
    assertEquals(
        Instant.parse("2026-11-10T01:00:00Z"),
        site.at(Instant.parse("2026-11-10T03:00:00Z")).opens());
    assertEquals(
        Instant.parse("2026-11-10T04:00:00Z"),
        site.at(Instant.parse("2026-11-10T04:30:00Z")).opens());
    assertEquals(
        Instant.parse("2026-11-10T12:00:00Z"),
        site.at(Instant.parse("2026-11-10T08:00:00Z")).opens());
    assertEquals(
        Instant.parse("2026-11-11T01:00:00Z"),
        site.at(Instant.parse("2026-11-10T14:00:00Z")).opens());
  }
}
