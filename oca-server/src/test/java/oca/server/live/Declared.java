package oca.server.live;

import java.util.List;
import oca.config.ConfigException;
import oca.config.ConfigFile;

/** Events as operators would declare them. */
final class Declared {
  /** 2026-01-01T00:00:00Z. */
  static final long START = 1_767_225_600_000L;

  private Declared() {}

  /** The least that can be said of an event, segments of 2 s and a window of 10 s, with more. */
  static String event(String id, String segments, String... more) {
    String least =
        """
          - id: %s
            segments: "%s"
            start: 2026-01-01T00:00:00Z
            segmentDuration: 2s
            window: 10s
        """
            .formatted(id, segments);
    StringBuilder out = new StringBuilder(least);
    for (String line : more) {
      String key = line.substring(0, line.indexOf(':') + 1);
      int old = out.indexOf("    " + key);
      if (old >= 0) {
        out.replace(old, out.indexOf("\n", old) + 1, "");
      }
      out.append("    ").append(line).append('\n');
    }
    return out.toString();
  }

  static LiveConfig config(String... events) throws ConfigException {
    return ConfigFile.parse(
        "a.yaml", "events:\n" + String.join("", List.of(events)), LiveConfig.class);
  }

  static Events events(String... events) {
    try {
      return Events.of(config(events));
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }
}
