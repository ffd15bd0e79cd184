package oca.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Alerts, runbooks and dashboard speak of metrics that there are. */
class AlertsTest {
  private static final Path FOLDER = Path.of("rpm/prometheus");
  private static final Pattern METRIC = Pattern.compile("oca_[a-z0-9_]+");
  private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
  private static final Pattern TESTED = Pattern.compile("- alertname: (\\w+)");
  private static final Pattern RUNBOOK = Pattern.compile("runbook: \"RUNBOOKS.md#(\\w+)\"");

  @Test
  void alerts_always_nameMetricsThatThereAre() throws Exception {
    assertKnown(found(METRIC, 0, Files.readString(FOLDER.resolve("alerts.yaml"))));
  }

  @Test
  void dashboard_always_namesMetricsThatThereAre() throws Exception {
    JsonNode board = new ObjectMapper().readTree(FOLDER.resolve("dashboard.json").toFile());
    Set<String> metrics = new TreeSet<>();
    for (JsonNode target : board.findValues("expr")) {
      metrics.addAll(found(METRIC, 0, target.asText()));
    }
    assertTrue(metrics.size() > 20, metrics.toString());
    assertKnown(metrics);
  }

  @Test
  void runbooks_always_areThereForEachAlert() throws Exception {
    String alerts = Files.readString(FOLDER.resolve("alerts.yaml"));
    String runbooks = Files.readString(FOLDER.resolve("RUNBOOKS.md"));
    Set<String> sections = new TreeSet<>();
    for (String title : found(Pattern.compile("(?m)^## (\\w+)$"), 1, runbooks)) {
      sections.add(title.toLowerCase(Locale.ROOT));
    }
    assertEquals(sections, found(RUNBOOK, 1, alerts));
    assertEquals(
        count(ALERT, alerts), count(RUNBOOK, alerts), "each alert names a runbook, and only one");
  }

  @Test
  void tests_always_areThereForEachAlert() throws Exception {
    assertEquals(
        found(ALERT, 1, Files.readString(FOLDER.resolve("alerts.yaml"))),
        found(TESTED, 1, Files.readString(FOLDER.resolve("alerts-test.yaml"))));
  }

  private static void assertKnown(Set<String> metrics) throws IOException {
    Set<String> known = found(METRIC, 0, Files.readString(Path.of("../.github/METRICS.md")));
    Set<String> unknown = new TreeSet<>(metrics);
    unknown.removeIf(it -> known.contains(it.replaceFirst("_bucket$", "")));
    assertEquals(Set.of(), unknown);
  }

  private static Set<String> found(Pattern pattern, int group, String text) {
    Set<String> all = new TreeSet<>();
    pattern.matcher(text).results().forEach(it -> all.add(it.group(group)));
    return all;
  }

  private static long count(Pattern pattern, String text) {
    return pattern.matcher(text).results().count();
  }
}
