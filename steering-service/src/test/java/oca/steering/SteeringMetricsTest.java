package oca.steering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.protocol.http.ControlClient;
import oca.steering.fleet.Beats;
import oca.steering.geo.MaxMindFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a whole: that it is the table of METRICS.md, and follows what happens. */
class SteeringMetricsTest {
  private static final Path TABLE = Path.of("../.github/METRICS.md");
  private static final String SECTION = "# Metrics of steering";
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z0-9_]+)` \\| (\\w+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");

  /** The same on both pages, documented once, and some of them only once a collector ran. */
  private static final Pattern OF_THE_PROCESS = Pattern.compile("(jvm|process|system)_.*");

  private final Steering steering;
  private final ControlClient control = new ControlClient(Duration.ofSeconds(10));
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  SteeringMetricsTest(@TempDir Path folder) throws IOException, ConfigException {
    Path places =
        new MaxMindFile().place("192.0.2.0/24", 53.5, 10, 5).writeTo(folder.resolve("places.mmdb"));
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: http://127.0.0.1:1/catalog
        sites: [{ id: north, latitude: 53.55, longitude: 10.00 }]
        networks: [{ prefix: 127.0.0.0/24, site: north }]
        lease: 1h
        fleet: { suspect: 1h }
        routes:
          bgp:
            listen: 127.0.0.1:0
            routerId: 10.255.0.1
            peers: [{ network: 127.0.0.2, as: 65000, site: north }]
          bmp:
            listen: 127.0.0.1:0
            routers: [{ network: 127.0.0.3, name: edge, site: north }]
        origin: 127.0.0.10:8440
        publicUri: http://steer.example
        catalogInterval: 1h
        geo: { database: "%s" }
        """
            .formatted(places);
    steering = Steering.start(ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class));
  }

  @AfterEach
  void close() {
    steering.close();
    control.close();
    http.close();
  }

  @Test
  void families_exposed_areThoseOfTheTable() throws Exception {
    Map<String, String> documented = new TreeMap<>();
    Set<String> ofTheProcess = new TreeSet<>();
    boolean ours = false;
    for (String line : Files.readAllLines(TABLE)) {
      ours |= line.equals(SECTION);
      Matcher row = ROW.matcher(line);
      if (row.matches() && ours) {
        documented.put(row.group(1), row.group(2));
      } else if (row.matches()) {
        ofTheProcess.add(row.group(1));
      }
    }
    Map<String, String> exposed = new TreeMap<>();
    page()
        .lines()
        .map(TYPE::matcher)
        .filter(Matcher::matches)
        .forEach(it -> exposed.put(it.group(1), it.group(2)));
    Set<String> process = new TreeSet<>(exposed.keySet());
    process.removeIf(name -> !OF_THE_PROCESS.matcher(name).matches());
    assertTrue(process.contains("jvm_memory_used_bytes"), process.toString());
    assertTrue(ofTheProcess.containsAll(process), process + " in " + TABLE);
    exposed.keySet().removeAll(process);
    assertEquals(documented, exposed);
    exposed.forEach((name, type) -> assertEquals(type.equals("counter"), name.endsWith("_total")));
  }

  @Test
  void page_afterSomeMessages_followsThem() throws Exception {
    assertLine("oca_steering_heartbeats_total{verdict=\"accepted\"} 0.0");
    assertLine("oca_steering_view_paths{site=\"north\",view=\"static north\"} 1.0");
    assertLine("oca_steering_table_prefixes 1.0");
    assertLine("oca_steering_routes_reasons_total{reason=\"bogon\",source=\"routes\"} 0.0");
    assertLine("oca_steering_routes_reasons_total{reason=\"wrong AS\",source=\"bgp\"} 0.0");
    assertLine("oca_steering_routes_reasons_total{reason=\"bad frame\",source=\"bmp\"} 0.0");
    assertLine("oca_steering_catalog_age_seconds NaN");
    control.post(
        steering.endpoint().http("v1/heartbeats"),
        Beats.of("n-1", "north", "127.0.0.11").beat(1, 1));
    get("/v1/steer?path=a");
    // What is bound must not be forgotten when the collector runs.
    System.gc();
    assertLine("oca_steering_heartbeats_total{verdict=\"accepted\"} 1.0");
    assertLine("oca_steering_appliances{standing=\"alive\"} 1.0");
    assertLine("oca_steering_answers_total{kind=\"steer\"} 1.0");
    assertLine("oca_steering_answers_origin_only_total 1.0");
    assertLine("oca_steering_frozen 0.0");
    assertLine("oca_steering_passed_over_total{reason=\"draining\"} 0.0");
    assertLine("oca_steering_compilations_total 1.0");
    assertLine("oca_steering_places_total{outcome=\"located\"} 0.0");
  }

  @Test
  void page_always_namesNoViewer() throws Exception {
    get("/v1/steer?path=secret/title");
    get("/v1/hls/secret");
    String page = page();
    assertFalse(page.contains("secret"), page);
    assertFalse(page.contains("127.0.0.1"), page);
  }

  private void assertLine(String line) throws Exception {
    List<String> lines = page().lines().toList();
    assertTrue(lines.contains(line), () -> line + " is not in\n" + String.join("\n", lines));
  }

  private String page() throws Exception {
    HttpResponse<String> answer = get("/metrics");
    assertEquals(200, answer.statusCode());
    assertEquals(
        SteeringMetrics.MEDIA_TYPE, answer.headers().firstValue("Content-Type").orElse(""));
    return answer.body();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://" + steering.endpoint() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
