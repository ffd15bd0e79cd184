package oca.steering.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.Wire;
import oca.protocol.http.ControlListener;
import oca.steering.fleet.Beats;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.fleet.Order;
import oca.steering.registry.Book;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a watcher is told, over a real connection. */
class FleetEventsTest {
  private static final Beats NORTH_1 = Beats.of("north-1", "north", "192.0.2.1");
  private static final Beats NORTH_2 = Beats.of("north-2", "north", "192.0.2.2");

  private final AtomicLong nanos = new AtomicLong();
  private final HeartbeatIntake intake =
      new HeartbeatIntake(nanos::get, new HeartbeatIntake.Limits(10, 10, 10), "origin");
  private final FleetEvents events =
      new FleetEvents(
          new Roster(intake::snapshot, () -> Book.EMPTY, nanos::get),
          () -> true,
          InstantSource.system());
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ControlListener listener;

  /** One connection's events. */
  private static final class Watch implements AutoCloseable {
    private final InputStream stream;
    private final BufferedReader lines;

    Watch(InputStream stream) {
      this.stream = stream;
      this.lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /** The next event's fields. */
    Map<String, String> next() throws IOException {
      Map<String, String> fields = new HashMap<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty() && fields.containsKey("data")) {
          return fields;
        }
        int colon = line.indexOf(": ");
        if (colon > 0) {
          fields.put(line.substring(0, colon), line.substring(colon + 2));
        }
      }
      throw new IOException("the stream ended");
    }

    /** The next that tells of somebody. */
    Map<String, String> nextWithRows() throws IOException {
      Map<String, String> event = next();
      while (rows(event).isEmpty()) {
        event = next();
      }
      return event;
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  @BeforeEach
  void listen() throws IOException {
    listener = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
    events.addForOperatorsTo(listener);
    listener.start();
    // So slowly that those kept outlast a machine that stands still for a while.
    events.start(Duration.ofMillis(100));
    intake.heartbeat(NORTH_1.beat(1, 1));
    intake.heartbeat(NORTH_2.beat(1, 1));
  }

  @AfterEach
  void close() {
    listener.close();
    events.close();
    http.close();
  }

  @Test
  void watch_anew_isToldAllAndThenWhoChanged() throws Exception {
    try (Watch watch = watch("")) {
      Map<String, String> all = watch.next();
      assertEquals("fleet", all.get("event"));
      assertEquals(List.of("north-1", "north-2"), rows(all));
      intake.order(new ApplianceId("north-2"), Order.DRAIN);
      events.tellSoon();
      Map<String, String> delta = watch.nextWithRows();
      assertEquals("delta", delta.get("event"));
      assertEquals(List.of("north-2"), rows(delta));
      Map<?, ?> row = (Map<?, ?>) ((List<?>) json(delta).get("rows")).getFirst();
      assertEquals("drain", row.get("order"));
      assertEquals("draining", row.get("state"));
      nanos.addAndGet(Duration.ofSeconds(4).toNanos());
      assertEquals(List.of("north-1", "north-2"), rows(watch.nextWithRows()));
    }
  }

  @Test
  void watch_againSoon_isToldWhatWasMissed() throws Exception {
    String last;
    try (Watch watch = watch("")) {
      last = watch.next().get("id");
      assertNotNull(last);
    }
    intake.heartbeat(NORTH_1.beat(2, 1, false, 0.5));
    try (Watch watch = watch(last)) {
      Map<String, String> event = watch.nextWithRows();
      assertEquals("delta", event.get("event"));
      assertEquals(List.of("north-1"), rows(event));
    }
  }

  @Test
  void watch_afterAnIdThatIsNotOurs_isToldAll() throws Exception {
    for (String id : List.of("elsewhere-7", "", "-1", "x".repeat(300), "0-99999999999999999999")) {
      try (Watch watch = watch(id)) {
        assertEquals("fleet", watch.next().get("event"), id);
      }
    }
  }

  @Test
  void watch_nothingChanges_isToldThatItIsSo() throws Exception {
    try (Watch watch = watch("")) {
      Map<String, String> all = watch.next();
      Map<String, String> quiet = watch.next();
      assertEquals(List.of(), rows(quiet));
      assertNotEquals(all.get("id"), quiet.get("id"));
      assertEquals(2, json(quiet).get("appliances"));
      assertTrue(quiet.get("data").length() < 300, quiet.get("data"));
    }
  }

  private Watch watch(String lastId) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + listener.endpoint() + "/v1/events"));
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
    assertEquals(200, answer.statusCode());
    return new Watch(answer.body());
  }

  private static List<String> rows(Map<String, String> event) throws IOException {
    return ((List<?>) json(event).get("rows"))
        .stream().map(row -> String.valueOf(((Map<?, ?>) row).get("appliance"))).toList();
  }

  private static Map<?, ?> json(Map<String, String> event) throws IOException {
    return Wire.read(event.getOrDefault("data", "").getBytes(StandardCharsets.UTF_8), Map.class);
  }
}
