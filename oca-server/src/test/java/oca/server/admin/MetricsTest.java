package oca.server.admin;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.flight.FlightStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page as a whole: what is on it, how it is named, and that nothing private ever is. */
class MetricsTest {
  /** The table of all metrics, up to those of steering; a test's folder is its module's. */
  private static final Path TABLE = Path.of("../.github/METRICS.md");

  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern HELP = Pattern.compile("# HELP (\\S+) (.+)");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"([^\"]*)\"");
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z0-9_]+)` \\| (\\w+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");
  private static final List<String> UNITS_BUT_BASE =
      List.of(
          "_ns",
          "_ms",
          "_millis",
          "_milliseconds",
          "_micros",
          "_minutes",
          "_kb",
          "_mb",
          "_percent");

  /** On the page only once the collector of the JVM in use has done what they tell. */
  private static final Set<String> SOMETIMES =
      Set.of(
          "jvm_gc_pause_seconds",
          "jvm_gc_pause_seconds_max",
          "jvm_gc_concurrent_phase_time_seconds",
          "jvm_gc_concurrent_phase_time_seconds_max");

  private static final Map<String, Set<String>> CLOSED =
      Map.of(
          "outcome", Set.of("whole", "not-here"),
          "protocol", Set.of("http/1.1"),
          "reason",
              Set.of(
                  "expired",
                  "flood",
                  "private",
                  "connect",
                  "master",
                  "escalated",
                  "repair",
                  "bad_peers",
                  "unstated"),
          "volume", Set.of("/disk/a"),
          "state", Set.of("recovering", "in-service", "draining", "out-of-service"),
          "source", Set.of("peer", "origin"),
          "result", Set.of("filled", "given_up"),
          "sink", Set.of("file", "post"));

  private final Metrics metrics =
      new Metrics(
          MetricsTest::status,
          MetricsTest::scrubs,
          () -> new Operations.Recalled(1, 2, 3, 4, 0, 0));

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void families_exposed_areThoseOfTheTable() throws IOException {
    Map<String, String> table = new TreeMap<>();
    for (String line : Files.readAllLines(TABLE)) {
      if (line.equals("# Metrics of steering")) {
        break;
      }
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        table.put(row.group(1), row.group(2));
      } else {
        assertFalse(line.startsWith("| `"), "not a row of five cells: " + line);
      }
    }
    System.gc();
    Map<String, String> exposed =
        await()
            .until(
                () -> types(metrics.scrape()), types -> types.containsKey("jvm_gc_pause_seconds"));
    Set<String> unknown = new TreeSet<>(exposed.keySet());
    unknown.removeAll(table.keySet());
    assertEquals(Set.of(), unknown, "exposed, but not in " + TABLE);
    Set<String> gone = new TreeSet<>(table.keySet());
    gone.removeAll(exposed.keySet());
    gone.removeAll(SOMETIMES);
    assertEquals(Set.of(), gone, "in " + TABLE + ", but not exposed");
    exposed.forEach((name, type) -> assertEquals(table.get(name), type, name));
  }

  @Test
  void names_always_keepPrometheusRules() {
    String page = metrics.scrape();
    Map<String, String> help =
        page.lines()
            .map(HELP::matcher)
            .filter(Matcher::matches)
            .collect(Collectors.toMap(it -> it.group(1), it -> it.group(2)));
    types(page)
        .forEach(
            (name, type) -> {
              assertTrue(help.containsKey(name), name + " has no HELP");
              assertTrue(name.matches("[a-z][a-z0-9_]*"), name);
              assertEquals(type.equals("counter"), name.endsWith("_total"), name + " " + type);
              if (type.equals("gauge")) {
                assertFalse(name.matches(".*_(count|sum|bucket)"), name);
              }
              for (String unit : UNITS_BUT_BASE) {
                assertFalse(name.contains(unit + "_") || name.endsWith(unit), name);
              }
              assertFalse(name.matches(".*_(gauge|counter|histogram|summary)(_.*)?"), name);
            });
  }

  @Test
  void labels_always_comeFromClosedLists() {
    Map<String, Set<String>> closed = new TreeMap<>(CLOSED);
    closed.put("le", Set.of("5.0E-5", "2.5E-4", "+Inf"));
    closed.put("service", Set.of("vod"));
    closed.put("way", Set.of("hit"));
    closed.put("upstream", Set.of("origin.test:8443"));
    closed.put("area", Set.of("heap", "nonheap"));
    closed.put(
        "id",
        Stream.concat(
                ManagementFactory.getMemoryPoolMXBeans().stream().map(MemoryPoolMXBean::getName),
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .map(BufferPoolMXBean::getName))
            .collect(Collectors.toSet()));
    closed.put(
        "gc",
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(GarbageCollectorMXBean::getName)
            .collect(Collectors.toSet()));
    Set<String> threads =
        Arrays.stream(Thread.State.values())
            .map(it -> it.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .collect(Collectors.toCollection(TreeSet::new));
    threads.addAll(CLOSED.get("state"));
    closed.put("state", threads);
    metrics
        .scrape()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .flatMap(line -> LABEL.matcher(line).results())
        .filter(label -> !Set.of("action", "cause").contains(label.group(1)))
        .forEach(
            label ->
                assertTrue(
                    closed.getOrDefault(label.group(1), Set.of()).contains(label.group(2)),
                    label.group()));
  }

  /** The families of one page; two pages may differ, for a meter of the JVM's comes when it may. */
  private static Map<String, String> types(String page) {
    Map<String, String> types = new TreeMap<>();
    page.lines()
        .map(TYPE::matcher)
        .filter(Matcher::matches)
        .forEach(it -> types.put(it.group(1), it.group(2)));
    return types;
  }

  private static List<Operations.Scrub> scrubs() {
    return List.of(
        new Operations.Scrub(
            "/disk/a", true, 3, 1_800_000_000, 7, 70, .5, 1, Map.of("damaged", 1L), 1));
  }

  static ApplianceStatus status() {
    return new ApplianceStatus(
        new ApplianceId("north-1"),
        new SiteId("north"),
        new Endpoint("127.0.0.11", 8440),
        "boot",
        ApplianceStatus.SERVING,
        "epoll",
        2,
        100,
        3,
        4096,
        Map.of("whole", 3L, "not-here", 0L),
        new ApplianceStatus.Store(
            9,
            70,
            100,
            1,
            false,
            8,
            List.of(
                new ApplianceStatus.Volume(
                    "/disk/a", "in-service", true, 100, 70, 30, 9, 0, 0, 0))),
        new ApplianceStatus.Fill(
            true,
            4,
            1,
            7,
            2,
            5,
            3,
            30,
            11,
            2,
            3,
            1,
            0,
            0,
            new ApplianceStatus.Flow(
                Map.of("escalated", 11L), 1, 6, 2, 8, 5, 9, 4, 3, 0.5, true, 3, 5)),
        41,
        5,
        12,
        13,
        14,
        15,
        new ApplianceStatus.Serving(
            1,
            2,
            3,
            4,
            5,
            6,
            new ApplianceStatus.Times(List.of(50L, 250L), List.of(5L, 0L, 2L), 900),
            new ApplianceStatus.Times(List.of(50L, 250L), List.of(4L, 1L, 0L), 700)),
        new ApplianceStatus.Edge(
            Map.of("http/1.1", 7L),
            Map.of("expired", 2L),
            Map.of("flood", 1L),
            1,
            2,
            3,
            4,
            5,
            10,
            11,
            6,
            7,
            8,
            9),
        new ApplianceStatus.Records(
            20,
            List.of(
                new ApplianceStatus.Sink("file", 7, 13, 1, true, 6, 64),
                new ApplianceStatus.Sink("post", 20, 0, 0, false, 0, 64)),
            3,
            1,
            2,
            0),
        new ApplianceStatus.Engine(2, 1000, 4000, 500, List.of(500_000L, 250_000L)),
        new ApplianceStatus.Pull(
            1,
            2,
            3,
            4,
            5,
            List.of(
                new ApplianceStatus.PullService(
                    "vod",
                    6,
                    Map.of("hit", 7L),
                    Map.of("private", 8L),
                    Map.of("connect", 9L),
                    List.of(
                        new ApplianceStatus.Upstream(
                            "https://origin.test:8443", true, "", 10, 11))))),
        new ApplianceStatus.Run("0.1.0", 16, 17),
        new FlightStatus(true, "", Map.of("first-byte", 2L), 3, 1, 4));
  }
}
