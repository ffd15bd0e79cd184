package oca.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigKeysTest {
  enum Mode {
    AUTO,
    IO_URING
  }

  record Disk(String path, @Default("1TiB") ByteSize capacity) {}

  record Config(
      @Default("auto") Mode mode,
      @Default("{}") Limits limits,
      List<Disk> disks,
      Map<String, Disk> named,
      Optional<Disk> spare) {}

  record Limits(@Live @Default("7") int workers, @Default("true") boolean strict) {}

  private static final String WHEN = "x-oca-changes";

  private static final KeyDocs DOCS =
      new KeyDocs(Map.of("oca.config.ConfigKeysTest$Disk#path", "where it is"));

  private final ConfigKeys keys = ConfigKeys.of(Config.class, DOCS);

  @Test
  void of_record_listsEachKeyInItsOrder() {
    assertEquals(
        List.of(
            "mode",
            "limits",
            "limits.workers",
            "limits.strict",
            "disks",
            "disks[].path",
            "disks[].capacity",
            "named",
            "named.*.path",
            "named.*.capacity",
            "spare",
            "spare.path",
            "spare.capacity"),
        keys.keys().stream().map(ConfigKeys.Key::path).toList());
  }

  @Test
  void find_itemsAndNames_areTheirGeneralKeys() {
    assertEquals(
        new ConfigKeys.Key("disks[].path", "text", "", true, false, false, "where it is"),
        keys.find("disks[3].path").orElseThrow());
    assertEquals("named.*.capacity", keys.find("named.north.capacity").orElseThrow().path());
    assertEquals(
        new ConfigKeys.Key("mode", "one of auto, io-uring", "auto", false, false, false, ""),
        keys.find("mode").orElseThrow());
    assertEquals(Optional.empty(), keys.find("named.north.size"));
    assertTrue(keys.find("limits.workers").orElseThrow().live());
    assertEquals("limits.workers", keys.nearest("limit.worker"));
    assertEquals(2, keys.below(keys.find("disks").orElseThrow()).size());
  }

  @Test
  void schema_ofRecord_saysWhatItsKeysMayHold() {
    Map<String, Object> schema = ConfigSchema.of("Test", Config.class, DOCS);
    Map<String, Object> disk =
        Map.of(
            "type",
            "object",
            "additionalProperties",
            false,
            "required",
            List.of("path"),
            "properties",
            Map.of(
                "path",
                Map.of("type", "string", "description", "where it is", WHEN, "restart"),
                "capacity",
                Map.of(
                    "type",
                    "string",
                    "pattern",
                    "^" + ByteSize.FORM.pattern() + "$",
                    "default",
                    "1TiB",
                    WHEN,
                    "restart")));
    assertEquals(
        Map.of(
            "mode",
            Map.of("enum", List.of("auto", "io-uring"), "default", "auto", WHEN, "restart"),
            "limits",
            Map.of(
                "type",
                "object",
                "additionalProperties",
                false,
                "properties",
                Map.of(
                    "workers",
                    Map.of("type", "integer", "default", 7, WHEN, "live"),
                    "strict",
                    Map.of("type", "boolean", "default", true, WHEN, "restart"))),
            "disks",
            Map.of("type", "array", "items", disk),
            "named",
            Map.of("type", "object", "additionalProperties", disk),
            "spare",
            disk),
        schema.get("properties"));
  }

  /**
   * What {@code Map.of} makes has another order in each JVM, and packages are to be the same bytes.
   */
  @Test
  void schema_listsAndMaps_haveTheirKeysInOneOrder() {
    Map<?, ?> properties =
        (Map<?, ?>) ConfigSchema.of("Test", Config.class, DOCS).get("properties");
    assertEquals(List.of("items", "type"), keys(properties.get("disks")));
    assertEquals(List.of("additionalProperties", "type"), keys(properties.get("named")));
    assertEquals(List.of("enum", WHEN, "default"), keys(properties.get("mode")));
  }

  private static List<?> keys(Object map) {
    return List.copyOf(((Map<?, ?>) map).keySet());
  }
}
