package oca.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

  record Limits(@Default("7") int workers, @Default("true") boolean strict) {}

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
        new ConfigKeys.Key("disks[].path", "text", "", true, false, "where it is"),
        keys.find("disks[3].path").orElseThrow());
    assertEquals("named.*.capacity", keys.find("named.north.capacity").orElseThrow().path());
    assertEquals(
        new ConfigKeys.Key("mode", "one of auto, io-uring", "auto", false, false, ""),
        keys.find("mode").orElseThrow());
    assertEquals(Optional.empty(), keys.find("named.north.size"));
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
                Map.of("type", "string", "description", "where it is"),
                "capacity",
                Map.of(
                    "type",
                    "string",
                    "pattern",
                    "^" + ByteSize.FORM.pattern() + "$",
                    "default",
                    "1TiB")));
    assertEquals(
        Map.of(
            "mode",
            Map.of("enum", List.of("auto", "io-uring"), "default", "auto"),
            "limits",
            Map.of(
                "type",
                "object",
                "additionalProperties",
                false,
                "properties",
                Map.of(
                    "workers",
                    Map.of("type", "integer", "default", 7),
                    "strict",
                    Map.of("type", "boolean", "default", true))),
            "disks",
            Map.of("type", "array", "items", disk),
            "named",
            Map.of("type", "object", "additionalProperties", disk),
            "spare",
            disk),
        schema.get("properties"));
  }
}
