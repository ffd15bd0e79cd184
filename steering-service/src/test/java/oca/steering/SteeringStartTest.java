package oca.steering;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.catalog.CatalogPoller;
import oca.steering.fleet.Beats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What steering answers before all is there, and to whom. */
class SteeringStartTest {
  private static final Beats NORTH_1 = Beats.of("north-1", "north", "127.0.0.11");

  private final ControlClient control = new ControlClient(Duration.ofSeconds(10));
  private final AtomicInteger catalogStatus = new AtomicInteger(503);
  private final ControlListener publisher;

  SteeringStartTest() throws IOException {
    publisher =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route(
                "GET",
                "/catalog.json",
                _ ->
                    catalogStatus.get() == 200
                        ? Response.message(new Catalog("1", List.of(entry("a"))))
                        : Response.empty(catalogStatus.get()));
    publisher.start();
  }

  @AfterEach
  void close() {
    publisher.close();
    control.close();
  }

  @Test
  void start_noCatalogue_titlesGoToTheOriginFilesToTheirHolders() throws Exception {
    try (Steering steering = Steering.start(config("127.0.0.1:0"))) {
      report(steering);
      assertEquals(
          List.of("origin", "origin.spare"),
          get(steering, "v1/hls/harbour").get("PATHWAY-PRIORITY"));
      assertEquals(
          List.of("http://127.0.0.11:8440/a", "http://127.0.0.10:8440/a"),
          get(steering, "v1/steer?path=a").get("urls"));
      catalogStatus.set(200);
      await()
          .until(
              () ->
                  get(steering, "v1/hls/harbour")
                      .get("PATHWAY-PRIORITY")
                      .equals(List.of("north-1", "origin")));
    }
  }

  @Test
  void start_catalogueComesAndGoes_isLoggedOncePerChange() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(CatalogPoller.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try (Steering steering = Steering.start(config("127.0.0.1:0"))) {
      awaitCatalog(steering, false, 3);
      catalogStatus.set(200);
      awaitCatalog(steering, true, 3);
      catalogStatus.set(500);
      awaitCatalog(steering, false, 6);
    } finally {
      logger.detachAppender(lines);
    }
    assertEquals(2, lines.list.size(), lines.list.toString());
    assertTrue(lines.list.getFirst().getFormattedMessage().contains("name the origin only"));
    assertTrue(lines.list.getLast().getFormattedMessage().contains("use the last one"));
  }

  @Test
  void start_addressTaken_isNamed() throws Exception {
    Endpoint taken = publisher.endpoint();
    IOException e =
        assertThrows(IOException.class, () -> Steering.start(config(taken.toString())).close());
    assertTrue(e.getMessage().contains("cannot listen on " + taken), e.getMessage());
  }

  @Test
  void clientParameter_notTrusted_isIgnoredAndExplainSaysSo() throws Exception {
    try (Steering steering = Steering.start(config("127.0.0.1:0"))) {
      report(steering);
      Map<?, ?> answer = get(steering, "v1/steer?path=a&client=8.8.8.8");
      assertEquals("127.0.0.1", answer.get("client"));
      assertEquals(2, ((List<?>) answer.get("urls")).size());
      IOException e =
          assertThrows(
              IOException.class, () -> get(steering, "v1/explain?path=a&client=127.0.0.1"));
      assertTrue(e.getMessage().contains("set trustClientParameter: true"), e.getMessage());
      Map<?, ?> manifest = get(steering, "v1/dash/harbour?client=8.8.8.8");
      String reload = String.valueOf(manifest.get("RELOAD-URI"));
      assertTrue(reload.startsWith("http://steer.example/v1/dash/harbour?s=1.own."), reload);
      assertFalse(reload.contains("client="), reload);
    }
  }

  @Test
  void appliances_beyondTheLimits_areToldWhichLimit() throws Exception {
    try (Steering steering = Steering.start(config("127.0.0.1:0"))) {
      report(steering);
      IOException tooMany =
          assertThrows(
              IOException.class,
              () ->
                  control.post(
                      steering.endpoint().http("v1/heartbeats"),
                      Beats.of("north-2", "north", "127.0.0.12").beat(1, 1)));
      assertTrue(tooMany.getMessage().contains("422"), tooMany.getMessage());
      assertTrue(tooMany.getMessage().contains("limits.appliances"), tooMany.getMessage());
      ContentId a = ContentId.ofPath("a");
      Inventory large =
          new Inventory(
              new ApplianceId("north-1"), "boot-1", 2, List.of(a, a, ContentId.ofPath("b")));
      IOException tooLarge =
          assertThrows(
              IOException.class,
              () -> control.post(steering.endpoint().http("v1/inventories"), large));
      assertTrue(tooLarge.getMessage().contains("filesPerAppliance"), tooLarge.getMessage());
      assertEquals(2, ((List<?>) get(steering, "v1/steer?path=a").get("urls")).size());
    }
  }

  private SteeringConfig config(String listen) throws ConfigException {
    String yaml =
        """
        listen: %s
        catalog: %s
        sites: [{ id: north, latitude: 53.55, longitude: 10.00 }]
        networks: [{ prefix: 127.0.0.0/24, site: north }]
        origin: 127.0.0.10:8440
        publicUri: http://steer.example
        lease: 1h
        catalogInterval: 10ms
        limits: { appliances: 1, filesPerAppliance: 2 }
        """
            .formatted(listen, publisher.endpoint().http("catalog.json"));
    return ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class);
  }

  private void report(Steering steering) throws IOException {
    HeartbeatReply reply =
        control.post(
            steering.endpoint().http("v1/heartbeats"), NORTH_1.beat(1, 1), HeartbeatReply.class);
    assertTrue(reply.inventoryWanted());
    control.post(
        steering.endpoint().http("v1/inventories"),
        new Inventory(new ApplianceId("north-1"), "boot-1", 1, List.of(ContentId.ofPath("a"))));
  }

  private void awaitCatalog(Steering steering, boolean reachable, int failures) {
    await()
        .until(
            () -> {
              Map<?, ?> state = (Map<?, ?>) get(steering, "v1/status").get("catalog");
              return state.get("reachable").equals(reachable)
                  && (int) state.get("failures") >= failures;
            });
  }

  private Map<?, ?> get(Steering steering, String path) throws IOException {
    return control.get(URI.create("http://" + steering.endpoint() + "/" + path), Map.class);
  }

  private static CatalogEntry entry(String path) {
    return new CatalogEntry(path, "harbour", 9, "ab".repeat(32), "video/mp4", Instant.EPOCH);
  }
}
