package oca.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.http.ControlClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminListenerTest {
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicLong requests = new AtomicLong(3);
  private final AdminListener admin;
  private final ControlClient client = new ControlClient(Duration.ofSeconds(5));

  AdminListenerTest() throws IOException {
    admin = AdminListener.open(new Endpoint("127.0.0.1", 0), this::status, draining::set);
  }

  @AfterEach
  void stop() {
    client.close();
    admin.close();
  }

  @Test
  void status_asked_isAllOfIt() throws IOException {
    assertEquals(status(), get("v1/status"));
  }

  @Test
  void drainAndUndrain_posted_changeTheState() throws IOException {
    assertEquals("draining", post("v1/drain").state());
    assertTrue(draining.get());
    assertEquals("serving", post("v1/undrain").state());
    assertFalse(draining.get());
  }

  @Test
  void readyz_draining_is503WhileLivezGoesOn() throws IOException {
    assertEquals("serving\n", text("readyz"));
    draining.set(true);
    IOException e = assertThrows(IOException.class, () -> get("readyz"));
    assertTrue(e.getMessage().contains("503"), e.getMessage());
    assertEquals("alive\n", text("livez"));
  }

  @Test
  void metrics_scraped_followTheStatus() throws IOException {
    String first = text("metrics");
    assertMetric(first, "oca_requests_total{outcome=\"hit\"} 3.0");
    assertMetric(first, "oca_requests_total{outcome=\"not-here\"} 0.0");
    assertMetric(first, "oca_served_bytes_total 4096.0");
    assertMetric(first, "oca_connections 2.0");
    assertMetric(first, "oca_store_files 9.0");
    assertMetric(first, "oca_store_bytes{volume=\"/disk/a\"} 70.0");
    assertMetric(first, "oca_store_volume_up{volume=\"/disk/b\"} 0.0");
    assertMetric(first, "oca_fill_bytes_total{source=\"peer\"} 30.0");
    assertMetric(first, "oca_fill_bytes_total{source=\"origin\"} 11.0");
    assertMetric(first, "oca_records_dropped_total 13.0");
    assertMetric(first, "oca_heartbeat_failures_total 15.0");
    assertMetric(first, "oca_draining 0.0");
    requests.set(8);
    draining.set(true);
    String second = text("metrics");
    assertMetric(second, "oca_requests_total{outcome=\"hit\"} 8.0");
    assertMetric(second, "oca_draining 1.0");
  }

  private static void assertMetric(String page, String line) {
    assertTrue(page.lines().anyMatch(line::equals), () -> line + " is not in\n" + page);
  }

  private ApplianceStatus get(String path) throws IOException {
    return client.get(admin.endpoint().http(path), ApplianceStatus.class);
  }

  private ApplianceStatus post(String path) throws IOException {
    return client.post(admin.endpoint().http(path), Map.of(), ApplianceStatus.class);
  }

  private String text(String path) throws IOException {
    try (var in = admin.endpoint().http(path).toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private ApplianceStatus status() {
    return new ApplianceStatus(
        new ApplianceId("north-1"),
        new SiteId("north"),
        new Endpoint("127.0.0.11", 8440),
        "boot",
        draining.get() ? ApplianceStatus.DRAINING : ApplianceStatus.SERVING,
        "epoll",
        2,
        100,
        requests.get(),
        4096,
        Map.of("hit", requests.get(), "not-here", 0L),
        new ApplianceStatus.Store(
            9,
            70,
            100,
            1,
            List.of(
                new ApplianceStatus.Volume("/disk/a", true, 100, 70, 9, 0),
                new ApplianceStatus.Volume("/disk/b", false, 100, 0, 0, 6))),
        new ApplianceStatus.Fill(true, 4, 1, 7, 2, 5, 3, 30, 11, 0, 0),
        41,
        5,
        12,
        13,
        14,
        15);
  }
}
