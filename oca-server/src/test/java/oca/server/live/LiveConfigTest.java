package oca.server.live;

import static oca.server.live.Declared.config;
import static oca.server.live.Declared.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveConfigTest {

  @Test
  void config_theLeast_hasTheDefaults() throws ConfigException {
    assertEquals(LiveConfig.NONE, ConfigFile.parse("test", "", LiveConfig.class));
    assertEquals(
        List.of(
            new EventConfig(
                "a",
                "/a/$Number$",
                List.of(),
                List.of(),
                Instant.parse("2026-01-01T00:00:00Z"),
                Duration.ofSeconds(2),
                1,
                1,
                0,
                Duration.ofSeconds(10),
                Optional.empty(),
                List.of(),
                "1",
                Optional.empty(),
                Duration.ZERO,
                Optional.empty(),
                1)),
        config(event("a", "/a/$Number$")).events());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "start: 1969-12-31T23:59:59Z",
        "segmentDuration: 99ms",
        "window: 1999ms",
        "early: 2001ms",
        "hold: 2h",
        "late: 2h",
        "duration: 0ms",
        "firstNumber: -1",
        "firstNumber: 9007199254740993",
        "firstTime: -1",
        "timescale: 0",
        "ahead: 11",
        "version: a b",
      })
  void event_outOfRange_namesKeyAndPlace(String line) {
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> config(event("a", "/a/$Number$", line)));
    String key = line.substring(0, line.indexOf(':'));
    int column = 7 + key.length();
    assertTrue(
        refusal.getMessage().matches("a\\.yaml:[67]:" + column + ": .*"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(": " + key + " must be "), refusal.getMessage());
  }

  @Test
  void event_oddId_isRefused() {
    String refusal =
        assertThrows(ConfigException.class, () -> config(event("a b", "/a/$Number$"))).getMessage();
    assertTrue(refusal.contains("id must be 1 to 64 letters"), refusal);
  }

  @ParameterizedTest
  @CsvSource({
    "a/$Number$, begins with a slash",
    "/a/x.ts, needs $Number$ or $Time$",
    "/a/$Number$/$Number$, needs $Number$ or $Time$",
    "/a/$Number$/$Time$, needs $Number$ or $Time$",
    "/a/*/$Number$, and no *",
    "/a/$Bandwidth$/$Number$, there are $Number$",
    "/a/$number$, there are $Number$",
    "/a/$Number%5d$, a brace or dollar",
    "/a/$Number%017d$, a width is 1 to 16",
    "/a/$RepresentationID%02d$/$Number$, there are $Number$",
    "/a/$Number, a brace or dollar",
    "/a/{x}/$Number$, there are {event}",
    "/a/{rendition/$Number$, a brace or dollar",
    "/{rendition}$Number$, need a character between",
    "/$Number${rendition}, need a character between",
    "/$Number$0.ts, and no digit",
    "/a b/$Number$, no blank",
    "/a?$Number$, no blank",
  })
  void segments_odd_areRefusedWithTheRemedy(String segments, String what) {
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> config(event("a", segments)));
    assertTrue(refusal.getMessage().contains(": segments: "), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(what), refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "manifests: [\"/a/*/*.mpd\"] | manifests: one * at most",
        "manifests: [\"/{rendition}/*.mpd\"] | manifests: one * at most",
        "initSegments: [\"/a/$Number$.mp4\"] | initSegments: no number",
        "initSegments: [\"/a/*\"] | /a/* takes in segments such as /a/2",
        "renditions: [hd] | renditions: segments has no {rendition}",
      })
  void files_odd_areRefusedWithTheRemedy(String line, String what) {
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> config(event("a", "/a/$Number$", line)));
    assertTrue(refusal.getMessage().contains(what), refusal.getMessage());
  }

  @Test
  void timescale_tooCoarse_isRefused() {
    ConfigException refusal =
        assertThrows(
            ConfigException.class,
            () -> config(event("a", "/a/$Time$", "segmentDuration: 1920ms", "timescale: 2")));
    assertTrue(refusal.getMessage().contains("timescale must be larger"), refusal.getMessage());
  }

  @Test
  void renditions_twiceOrWithSlash_areRefused() {
    for (String list : List.of("[a, a]", "[a/b]", "[\"\"]")) {
      assertThrows(
          ConfigException.class,
          () -> config(event("a", "/{rendition}/$Number$", "renditions: " + list)),
          list);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/a/$Number$, /a/$Number$, true",
    "/a/$Number$, /b/$Number$, false",
    "/a/$Number$, /a/$Time$, true",
    "/a/$Number$.ts, /a/$Number$.m4s, false",
    "/a/$Number$x, /a/1$Number$x, true",
    "/a/$Number%05d$, /a/$Number$, true",
    "/{event}/$Number$, /{event}/$Number$, false",
    "/{rendition}/$Number$, /a/$Number$, true",
    "/{rendition}/$Number$, /a/b/$Number$, false",
    "/{rendition}/x/$Number$, /a/{rendition}/$Number$, true",
    "/{rendition}/x/$Number$, /a/{rendition}/y/$Number$, false",
    "/{rendition}-$Number$, /a-$Number$-1, true",
    "/{rendition}-$Number$, /a-$Number$-$$, false",
    "/{rendition}-1/$Number$, /a-{rendition}/$Number$, true",
  })
  void events_thatSharePaths_areRefused(String one, String other, boolean overlap)
      throws ConfigException {
    String[] both = {event("mon", one), event("tue", other, "start: 2026-06-01T00:00:00Z")};
    if (overlap) {
      String refusal = assertThrows(ConfigException.class, () -> config(both)).getMessage();
      assertTrue(refusal.contains("mon and tue share paths"), refusal);
    } else {
      assertEquals(2, config(both).events().size());
    }
  }

  @Test
  void events_whoseOtherFilesMeet_areRefused() {
    String one = event("a", "/a/$Number$.ts", "manifests: [\"/x/*.m3u8\"]");
    String other = event("b", "/b/$Number$.ts", "initSegments: [\"/x/y/z.m3u8\"]");
    String third = event("c", "/x/$Number$.m3u8");
    assertThrows(ConfigException.class, () -> config(one, other));
    assertThrows(ConfigException.class, () -> config(one, third));
  }

  @Test
  void events_tooManyOrOfOneName_areRefused() {
    String text = event("a", "/a/$Number$") + event("b", "/b/$Number$") + "maxEvents: 1\n";
    String refusal = assertThrows(ConfigException.class, () -> config(text)).getMessage();
    assertTrue(refusal.contains("2 are more than maxEvents, 1"), refusal);
    String twice =
        assertThrows(
                ConfigException.class,
                () -> config(event("a", "/a/$Number$"), event("a", "/b/$Number$")))
            .getMessage();
    assertTrue(twice.contains("two have the id a"), twice);
  }
}
