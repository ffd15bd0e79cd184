package oca.server.purge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PurgeOrderTest {

  private static Map<String, String> arguments(String text) {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      arguments.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return arguments;
  }

  @ParameterizedTest
  @CsvSource({
    "service=tv&url=/a?b=c, URL, /a?b=c, false, false",
    "service=tv&prefix=/a/&soft=true, PREFIX, /a/, true, false",
    "service=tv&tag=News of today&dryRun=true, TAG, News of today, false, true",
    "service=tv&all=true&soft=true&dryRun=true, ALL, '', true, true",
  })
  void parse_arguments_areReadAndWrittenAlike(
      String text, Kind kind, String target, boolean soft, boolean dryRun) {
    PurgeOrder order = PurgeOrder.parse(arguments(text));
    assertEquals(new PurgeOrder("tv", kind, target, soft, dryRun), order);
    assertEquals(arguments(text), order.arguments());
    assertEquals(order, PurgeOrder.parse(order.arguments()));
  }

  @Test
  void parse_allFalse_isNoTarget() {
    assertEquals(
        Kind.URL, PurgeOrder.parse(arguments("service=tv&url=/a&all=false&soft=false")).kind());
  }

  @ParameterizedTest
  @CsvSource({
    "service=tv, give one of url",
    "service=tv&all=false, give one of url",
    "service=tv&url=/a&prefix=/b, give one of url",
    "service=tv&url=/a&all=true, give one of url",
    "url=/a, service is missing",
    "service=a b&url=/a, service must be",
    "service=tv&url=a, url must be a path",
    "service=tv&url=, url must be a path",
    "service=tv&url=https://a.example/b, without scheme",
    "service=tv&url=/a#b, url must be",
    "service=tv&prefix=/a b, prefix must be",
    "service=tv&tag=, tag must be",
    "service=tv&tag= a, tag must be",
    "'service=tv&tag=a,b', without comma",
    "service=tv&all=yes, all must be true or false",
    "service=tv&url=/a&soft=1, soft must be true or false",
    "service=tv&url=/a&dryrun=true, unknown argument dryrun",
  })
  void parse_odd_saysWhatIsWrong(String text, String what) {
    String refusal =
        assertThrows(IllegalArgumentException.class, () -> PurgeOrder.parse(arguments(text)))
            .getMessage();
    assertTrue(refusal.contains(what), refusal);
  }

  @Test
  void rule_withoutItsTarget_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Rule(1, "tv", Kind.URL, "", false));
    assertThrows(IllegalArgumentException.class, () -> new Rule(1, "tv", Kind.ALL, "/", false));
    assertThrows(IllegalArgumentException.class, () -> new Rule(0, "tv", Kind.ALL, "", false));
    assertThrows(
        IllegalArgumentException.class, () -> new PurgeOrder("tv", Kind.ALL, "/", false, false));
  }

  @Test
  void config_empty_hasTheDefaults() throws ConfigException {
    assertEquals(
        new PurgeConfig(100_000, 1000, 8192, 256, 1024),
        ConfigFile.parse("test", "", PurgeConfig.class));
    assertEquals(PurgeConfig.DEFAULTS, ConfigFile.parse("test", "", PurgeConfig.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maxRules: 15",
        "maxServices: 0",
        "maxTarget: 1",
        "maxTags: 0",
        "maxTagLength: 15",
      })
  void config_outOfRange_namesTheKey(String line) {
    String refusal =
        assertThrows(ConfigException.class, () -> ConfigFile.parse("test", line, PurgeConfig.class))
            .getMessage();
    String key = line.substring(0, line.indexOf(':'));
    assertTrue(refusal.contains(key + " must be"), refusal);
  }
}
