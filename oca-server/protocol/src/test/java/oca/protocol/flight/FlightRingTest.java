package oca.protocol.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import oca.config.ConfigFile;
import oca.model.Endpoint;
import oca.protocol.Json;
import oca.protocol.http.ControlListener;
import oca.protocol.http.PlainClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With Java's own recorder. */
class FlightRingTest {
  private static final Instant AT = Instant.parse("2026-11-23T07:40:13Z");
  private static final long SECOND = 1_000_000_000;

  @TempDir Path folder;
  private long nanos;

  @Test
  void missed_objective_keepsTheLastMinutesOnceInAWhile() throws Exception {
    try (FlightRing ring = begun()) {
      assertTrue(ring.status().recording(), ring.status().problem());
      Flight flight = ring.missed(Cause.FIRST_BYTE).orElseThrow();
      assertEquals("20261123T074013Z-first-byte.jfr", flight.name());
      List<RecordedEvent> events = RecordingFile.readAllEvents(Path.of(flight.path()));
      assertTrue(
          events.stream()
              .anyMatch(
                  it ->
                      it.getEventType().getName().equals("oca.MissedObjective")
                          && it.getString("cause").equals("first-byte")),
          "the cause is in the recording");
      nanos += 299 * SECOND;
      assertEquals(Optional.empty(), ring.missed(Cause.STALL));
      nanos += 2 * SECOND;
      assertTrue(ring.missed(Cause.STALL).isPresent());
      assertEquals(1, ring.status().skipped());
      assertEquals(1, ring.status().kept().get("stall"));
    }
    try (var left = Files.list(folder.resolve("ring"))) {
      assertTrue(left.toList().size() <= 1, "the recorder's own folder, until the process ends");
    }
  }

  @Test
  void ask_twiceAtOnce_isRefusedTheSecondTime() throws Exception {
    try (FlightRing ring = begun();
        ControlListener listener =
            ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)) {
      new FlightEndpoint(ring).addTo(listener);
      listener.start();
      PlainClient client =
          new PlainClient(
              "http://" + listener.endpoint(), java.time.Duration.ofSeconds(20), Optional.empty());
      PlainClient.Answer answer = client.post("/v1/flights", new byte[] {'{', '}'});
      assertEquals(200, answer.status(), answer.text());
      assertEquals("asked", Json.parse(answer.body()).at("cause").text());
      PlainClient.Answer second = client.post("/v1/flights", new byte[] {'{', '}'});
      assertEquals(409, second.status());
      assertTrue(second.text().contains("within the last 5 s"), second.text());
      Json all = Json.parse(client.get("/v1/flights").body());
      assertEquals(folder.toString(), all.at("folder").text());
      assertEquals(1, all.at("flights").items().size());
      assertTrue(all.at("status", "recording").isTrue());
    }
  }

  @Test
  void start_withoutAPlace_recordsNothingAndSaysSo() {
    try (FlightRing ring = FlightRing.start(FlightConfig.DEFAULT, Map.of(), List.of())) {
      assertFalse(ring.status().recording());
      IOException e = assertThrows(IOException.class, ring::ask);
      assertTrue(e.getMessage().contains("set diagnose.folder"), e.getMessage());
    }
  }

  @Test
  void begin_folderThatCannotBe_isSaidAndTheProcessGoesOn() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    try (FlightRing ring = FlightRing.begun(FlightConfig.DEFAULT, file, () -> AT, () -> nanos)) {
      assertFalse(ring.status().recording());
      assertEquals(1, ring.status().failures());
      assertFalse(ring.status().problem().isEmpty());
    }
  }

  @Test
  void config_place_isTheFolderOrBesideTheLogs() throws Exception {
    assertEquals(Optional.empty(), FlightConfig.DEFAULT.place(Map.of()));
    assertEquals(
        Optional.of(Path.of("/var/log/oca-server/flights")),
        FlightConfig.DEFAULT.place(Map.of("LOGS_DIRECTORY", "/var/log/oca-server:/other")));
    FlightConfig given =
        ConfigFile.parse("x", "folder: /srv/flights\nring: 1min\n", FlightConfig.class);
    assertEquals(Optional.of(Path.of("/srv/flights")), given.place(Map.of()));
    FlightConfig off =
        ConfigFile.parse("x", "folder: /srv/flights\nenabled: false\n", FlightConfig.class);
    assertEquals(Optional.empty(), off.place(Map.of("LOGS_DIRECTORY", "/var/log/oca-server")));
    assertEquals(
        FlightConfig.DEFAULT, ConfigFile.parse("x", "", FlightConfig.class), "the defaults");
  }

  private FlightRing begun() {
    nanos += 1000 * SECOND;
    return FlightRing.begun(FlightConfig.DEFAULT, folder, () -> AT, () -> nanos);
  }
}
