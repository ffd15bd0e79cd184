package oca.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.FillConfig.Window;

/** A window is read as it was meant, in its one value as in its keys. */
class WindowPropertyTest {
  private static final List<String> ZONES =
      List.of(
          "UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "+05:30", "Etc/GMT-14");

  /** A file that holds nothing else. */
  record Only(Window window) {}

  @Property
  void window_anyTimesAndZone_isTheSameInBothForms(
      @ForAll @IntRange(min = 0, max = 1439) int opens,
      @ForAll @IntRange(min = 0, max = 1439) int closes,
      @ForAll @IntRange(min = 0, max = 5) int zone)
      throws ConfigException {
    LocalTime from = LocalTime.ofSecondOfDay(opens * 60L);
    LocalTime to = LocalTime.ofSecondOfDay(closes * 60L);
    Window meant = new Window(from, to, ZoneId.of(ZONES.get(zone)));
    String value = from + "-" + to + " " + ZONES.get(zone);
    assertEquals(meant, Window.parse(value));
    assertEquals(meant, read("window: \"" + value + "\""));
    String keys =
        "window: {opens: \"%s\", closes: \"%s\", zone: \"%s\"}"
            .formatted(from, to, ZONES.get(zone));
    assertEquals(meant, read(keys));
  }

  @Example
  void window_ofNoUse_isRefused() {
    for (String value :
        List.of(
            "2:00-14:00", "02:00", "25:00-14:00", "02:00-14:00 Mars/Base", "02:00..14:00", "")) {
      assertThrows(IllegalArgumentException.class, () -> Window.parse(value), value);
    }
    assertEquals(
        new Window(LocalTime.of(2, 0), LocalTime.of(14, 0), ZoneId.of("UTC")),
        Window.parse("02:00 - 14:00"));
  }

  private static Window read(String yaml) throws ConfigException {
    return ConfigFile.parse("w.yaml", yaml, Only.class).window();
  }
}
