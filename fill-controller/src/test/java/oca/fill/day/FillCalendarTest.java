package oca.fill.day;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
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
}
