package oca.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "999,999 B",
    "1000,1.00 kB",
    "9994,9.99 kB",
    "9996,10.0 kB",
    "99960,100 kB",
    "999499,999 kB",
    "999500,1.00 MB",
    "7000000000000,7.00 TB",
    "9.2e18,9.20 EB"
  })
  void bytes_anyNumber_hasThreeDigitsAndTheRightUnit(double bytes, String expected) {
    assertEquals(expected, Figures.bytes(bytes));
  }

  @ParameterizedTest
  @CsvSource({"0,0s", "59,59s", "60,1m 0s", "3661,1h 1m", "90000,1d 1h"})
  void time_anyNumber_hasTwoUnits(long seconds, String expected) {
    assertEquals(expected, Figures.time(seconds));
  }

  @Test
  void share_ofNothing_isADash() {
    assertEquals("-", Figures.share(1, 0));
    assertEquals("50.0 %", Figures.share(1, 2));
  }

  @Test
  void countdown_goingDown_tellsTheTimeLeft() {
    Countdown countdown = new Countdown();
    countdown.note(0, 100);
    assertEquals("time left not known yet", countdown.timeLeft());
    countdown.note(10_000_000_000L, 80);
    assertEquals("about 40s left", countdown.timeLeft());
    countdown.note(20_000_000_000L, 120);
    assertEquals("does not get less", countdown.timeLeft());
  }

  @Test
  void table_tooWide_cutsTheWidestTextColumn() {
    Table table = new Table("NAME", ">COUNT", "WHY");
    table.row("a", 12, "x".repeat(100));
    table.row("bb", 3, "short");
    StringWriter text = new StringWriter();
    table.print(new PrintWriter(text, true), Style.PLAIN, "  ");
    List<String> lines = text.toString().lines().toList();
    assertEquals("  NAME  COUNT  WHY", lines.get(0));
    assertEquals(80, lines.get(1).length());
    assertTrue(lines.get(1).endsWith("x~"), lines.get(1));
    assertEquals("  bb        3  short", lines.get(2));
  }

  @Test
  void style_noColorOrNoTerminal_isPlain() {
    assertEquals("x", Style.of(Map.of("TERM", "xterm", "NO_COLOR", "1")).bold("x"));
    assertEquals("\u001b[1mx\u001b[0m", new Style(true, true, 80).bold("x"));
    assertEquals(132, Style.of(Map.of("COLUMNS", "132")).width());
    assertEquals(80, Style.of(Map.of("COLUMNS", "20")).width());
  }
}
