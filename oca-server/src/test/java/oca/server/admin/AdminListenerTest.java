package oca.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.flight.FlightStatus;
import oca.protocol.http.ControlClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminListenerTest {
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicLong requests = new AtomicLong(3);
  private final AtomicLong files = new AtomicLong(9);
  private final List<ApplianceStatus.Volume> volumes =
      new CopyOnWriteArrayList<>(
          List.of(
              volume("/disk/a", "in-service", true, 70),
              volume("/disk/b", "out-of-service", false, 0)));
  private final Operations operations = new Recorded();
  private final AdminListener admin;
  private final ControlClient client = new ControlClient(Duration.ofSeconds(30));

  AdminListenerTest() throws IOException {
    admin =
        AdminListener.open(
            new Endpoint("127.0.0.1", 0), Optional.empty(), this::status, operations, _ -> {});
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
  void readyz_nothingFoundYetAndNoVolume_is503WithAllReasons() throws IOException {
    files.set(0);
    volumes.removeFirst();
    draining.set(true);
    IOException e = assertThrows(IOException.class, () -> get("readyz"));
    for (String reason : List.of("draining", "found no file", "no volume is in service")) {
      assertTrue(e.getMessage().contains(reason), e.getMessage());
    }
    files.set(1);
    draining.set(false);
    e = assertThrows(IOException.class, () -> get("readyz"));
    assertFalse(e.getMessage().contains("found no file"), e.getMessage());
    volumes.add(volume("/disk/a", "in-service", true, 70));
    assertEquals("serving\n", text("readyz"));
  }

  @Test
  void open_withASocket_makesItAndCloseDeletesIt() throws IOException {
    Path folder = Files.createTempDirectory(Path.of("/tmp"), "admin");
    Path socket = folder.resolve("s");
    try (AdminListener both =
        AdminListener.open(
            new Endpoint("127.0.0.1", 0), Optional.of(socket), this::status, operations, _ -> {})) {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        channel.write(
            ByteBuffer.wrap("GET /livez HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
        ByteBuffer answer = ByteBuffer.allocate(4096);
        while (channel.read(answer) >= 0) {
          assertTrue(answer.hasRemaining(), both.endpoint().toString());
        }
        assertTrue(
            new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8)
                .endsWith("alive\n"));
      }
    }
    Files.delete(folder);
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
    assertMetric(first, "oca_records_dropped_total{sink=\"file\"} 13.0");
    assertMetric(first, "oca_records_waiting{sink=\"file\"} 6.0");
    assertMetric(first, "oca_records_dropped_total{sink=\"post\"} 0.0");
    assertMetric(first, "oca_records_files_rotated_total 3.0");
    assertMetric(first, "oca_answer_seconds_bucket{le=\"5.0E-5\"} 5");
    assertMetric(first, "oca_answer_seconds_bucket{le=\"+Inf\"} 7");
    assertMetric(first, "oca_answer_seconds_count 7");
    assertMetric(first, "oca_direct_memory_bytes 1000.0");
    assertMetric(first, "oca_request_content_bytes 500.0");
    assertMetric(first, "oca_scrub_bytes{volume=\"/disk/a\"} 70.0");
    assertMetric(first, "oca_scrub_done_ratio{volume=\"/disk/a\"} 0.5");
    assertMetric(first, "oca_heartbeat_failures_total 15.0");
    assertMetric(first, "oca_draining 0.0");
    requests.set(8);
    draining.set(true);
    String second = text("metrics");
    assertMetric(second, "oca_requests_total{outcome=\"hit\"} 8.0");
    assertMetric(second, "oca_draining 1.0");
  }

  @Test
  void metrics_volumeAddedLater_hasFiguresToo() throws IOException {
    assertMetric(text("metrics"), "oca_store_free_bytes{volume=\"/disk/a\"} 30.0");
    post("v1/volumes", new Operations.NewVolume("/disk/c", 500, 5));
    String page = text("metrics");
    assertMetric(page, "oca_store_volume_up{volume=\"/disk/c\"} 1.0");
    assertMetric(page, "oca_store_volume_state{state=\"recovering\",volume=\"/disk/c\"} 1.0");
    assertMetric(page, "oca_store_volume_state{state=\"in-service\",volume=\"/disk/c\"} 0.0");
    assertMetric(page, "oca_store_volume_state{state=\"in-service\",volume=\"/disk/a\"} 1.0");
  }

  @Test
  void volumes_addedAndDrained_areListed() throws IOException {
    assertEquals(volumes, listed().volumes());
    post("v1/volumes", new Operations.NewVolume("/disk/c", 500, 5));
    post("v1/volumes/drain", new Operations.NamedVolume("/disk/a"));
    post("v1/volumes/undrain", new Operations.NamedVolume("/disk/c"));
    assertEquals(
        List.of("/disk/c 500 5", "/disk/a true", "/disk/c false"), ((Recorded) operations).orders);
    assertEquals(3, listed().volumes().size());
  }

  @Test
  void volumes_detached_isListedNoMore() throws IOException {
    post("v1/volumes/detach", new Operations.NamedVolume("/disk/a"));
    assertEquals(1, listed().volumes().size());
  }

  @Test
  void purge_ordered_saysWhatItTook() throws Exception {
    Operations.PurgeMessage order =
        new Operations.PurgeMessage("vod", "/p/a", null, null, null, true, null);
    assertEquals(
        new Operations.Purged(1, 2, 3),
        client.post(admin.endpoint().http("v1/purge"), order, Operations.Purged.class));
    client.post(
        admin.endpoint().http("v1/version"), new Operations.EventVersion("vod", "match", "v2"));
    assertEquals(
        List.of(
            "{service=vod, soft=true, url=/p/a}",
            "EventVersion[service=vod, event=match, version=v2]"),
        ((Recorded) operations).orders);
  }

  @Test
  void scrub_asked_saysHowFarItHasCome() throws IOException {
    assertEquals(
        operations.scrubs(),
        client.get(admin.endpoint().http("v1/scrub"), AdminListener.Scrubs.class).scrubs());
  }

  @Test
  void volumes_badOrders_areProblemsThatSayWhy() throws Exception {
    assertProblem(
        409, "v1/volumes", "{\"path\":\"/disk/a\",\"capacityBytes\":1,\"reserveBytes\":0}");
    assertProblem(500, "v1/volumes", "{\"path\":\"/bad\",\"capacityBytes\":1,\"reserveBytes\":0}");
    assertProblem(400, "v1/volumes", "{\"path\":\"rel\",\"capacityBytes\":1,\"reserveBytes\":0}");
    assertProblem(400, "v1/volumes", "{\"path\":\"/disk/c\"}");
    assertProblem(400, "v1/volumes", "no");
    assertProblem(404, "v1/volumes/drain", "{\"path\":\"/none\"}");
    assertProblem(404, "v1/volumes/detach", "{\"path\":\"/none\"}");
    assertEquals(2, listed().volumes().size());
  }

  private void assertProblem(int status, String path, String body) throws Exception {
    try (HttpClient plain = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          plain.send(
              HttpRequest.newBuilder(admin.endpoint().http(path))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(status, answer.statusCode(), answer.body());
      assertEquals(
          "application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
      assertTrue(answer.body().contains("\"detail\""), answer.body());
    }
  }

  private AdminListener.Volumes listed() throws IOException {
    return client.get(admin.endpoint().http("v1/volumes"), AdminListener.Volumes.class);
  }

  private AdminListener.Volumes post(String path, Object order) throws IOException {
    return client.post(admin.endpoint().http(path), order, AdminListener.Volumes.class);
  }

  private static ApplianceStatus.Volume volume(String path, String state, boolean up, long used) {
    return new ApplianceStatus.Volume(
        path, state, up, 100, used, 100 - used, up ? 9 : 0, up ? 0 : 6, 0, 0);
  }

  /** Takes orders as an appliance does, but for disks. */
  private final class Recorded implements Operations {
    private final List<String> orders = new ArrayList<>();

    @Override
    public Purged purge(Map<String, String> order) {
      if (!order.containsKey("url")) {
        throw new IllegalArgumentException("one of url, prefix, tag, all");
      }
      orders.add(order.toString());
      return new Purged(1, 2, 3);
    }

    @Override
    public void version(EventVersion version) {
      orders.add(version.toString());
    }

    @Override
    public void drain(boolean on) {
      draining.set(on);
    }

    @Override
    public void reload() throws RefusedException {
      if (draining.get()) {
        throw new RefusedException("key.pem is not there", null);
      }
      orders.add("reload");
    }

    @Override
    public void addVolume(NewVolume volume) throws IOException {
      switch (volume.path()) {
        case "/disk/a" -> throw new RefusedException("/disk/a is in service already", null);
        case "/bad" -> throw new IOException("fails on purpose");
        case "rel" -> throw new IllegalArgumentException("path: must be absolute");
        default -> {
          orders.add(volume.path() + " " + volume.capacityBytes() + " " + volume.reserveBytes());
          volumes.add(volume(volume.path(), "recovering", true, 0));
        }
      }
    }

    @Override
    public boolean drainVolume(String path, boolean on) {
      if (volumes.stream().noneMatch(it -> it.path().equals(path))) {
        return false;
      }
      orders.add(path + " " + on);
      return true;
    }

    @Override
    public boolean detachVolume(String path) {
      return volumes.removeIf(it -> it.path().equals(path));
    }

    @Override
    public List<Scrub> scrubs() {
      return List.of(
          new Scrub("/disk/a", true, 3, 1_800_000_000, 7, 70, .5, 1, Map.of("damaged", 1L), 1));
    }
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
        new ApplianceStatus.Store(files.get(), 70, 100, 1, true, 8, volumes),
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
                    List.of(new ApplianceStatus.Upstream("http://o", true, "", 10, 11))))),
        new ApplianceStatus.Run("0.1.0", 16, 17),
        new FlightStatus(true, "", Map.of("first-byte", 2L), 3, 1, 4));
  }
}
