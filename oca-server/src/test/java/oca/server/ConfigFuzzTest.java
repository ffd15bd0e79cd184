package oca.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.config.ConfigProblem;
import oca.config.Default;
import oca.model.Endpoint;
import oca.server.http.HttpConfig;
import org.junit.jupiter.api.Tag;

/**
 * Any text as a configuration file: either a configuration or a {@link ConfigException} whose every
 * problem names a place that is in the text. The fuzzer's own limits find what hangs or grows.
 */
@Tag("fuzz")
class ConfigFuzzTest {
  private static final String NAME = "file.yaml";

  /** One of each kind of value that a configuration may have. */
  record Everything(
      Optional<Duration> duration,
      Optional<ByteSize> size,
      Optional<Endpoint> endpoint,
      Optional<URI> uri,
      Optional<Path> path,
      Optional<Instant> instant,
      Optional<LocalTime> time,
      Optional<ZoneId> zone,
      @Default("1") int whole,
      @Default("1.5") double number,
      @Default("true") boolean truth,
      List<ByteSize> sizes,
      Map<String, Duration> durations,
      Map<String, Part> parts,
      Optional<HttpConfig> http) {}

  /** One within another. */
  record Part(@Default("x") String name, List<Part> parts) {}

  @FuzzTest
  void parse(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    check(text, ApplianceConfig.class);
    check(text, Everything.class);
  }

  private static <T extends Record> void check(String text, Class<T> type) {
    try {
      T config = ConfigFile.parse(NAME, text, type);
      assertEquals(config, ConfigFile.parse(NAME, text, type));
    } catch (ConfigException e) {
      assertTold(e, text);
    }
  }

  private static void assertTold(ConfigException refusal, String text) {
    assertFalse(refusal.problems().isEmpty(), "no problem is named");
    String[] lines = text.split("\r\n|[\r\n\u0085\u2028\u2029]", -1);
    String message = String.valueOf(refusal.getMessage());
    ConfigProblem before = refusal.problems().getFirst();
    for (ConfigProblem problem : refusal.problems()) {
      assertFalse(problem.what().isBlank(), problem.toString());
      assertFalse(problem.what().matches("(.*: )?null"), problem.toString());
      assertTrue(message.contains(problem.what()), message);
      assertTrue(
          message.contains(NAME + ":" + problem.line() + ":" + problem.column() + ": "), message);
      assertTrue(1 <= problem.line() && problem.line() <= lines.length, problem.toString());
      String line = lines[problem.line() - 1];
      // A return at the very end counts as a character of its line.
      int most = line.codePointCount(0, line.length()) + 2;
      assertTrue(1 <= problem.column() && problem.column() <= most, problem.toString());
      assertTrue(before.compareTo(problem) <= 0, message);
      before = problem;
    }
  }
}
