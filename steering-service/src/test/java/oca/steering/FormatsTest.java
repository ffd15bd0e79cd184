package oca.steering;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.protocol.Json;
import oca.protocol.Wire;
import oca.protocol.service.NewerDataException;
import oca.steering.fleet.Beats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What other releases left on disk: older is gone on with, newer is left as it is. The golden files
 * were written by this very class; without them it writes them to {@code target/golden}. A layout
 * that changes gets new ones, beside the old ones which it still has to read.
 */
class FormatsTest {
  private static final Beats NORTH_1 = Beats.of("north-1", "north", "127.0.0.11");
  private static final Beats NORTH_2 = Beats.of("north-2", "north", "127.0.0.12");

  /** What the service keeps, and the golden file of each. */
  private static final Map<String, String> GOLDEN =
      Map.of("registry.mv.db", "steering-registry-v1.img", "fleet", "steering-fleet-v1.img");

  @TempDir Path folder;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void start_onRegistryAndFleetOfFormat1_hasTheirOrders() throws Exception {
    golden();
    try (Steering steering = start()) {
      Json all = get(steering, "/v1/appliances");
      assertTrue(all.toString().contains("north-2"), all::toString);
      Json drained = get(steering, "/v1/appliances/north-1");
      assertTrue(drained.toString().contains("new disks"), drained::toString);
      assertEquals(1, get(steering, "/v1/changes").at("changes").items().size());
    }
  }

  @Test
  void start_onFleetOfFormat1Alone_knowsWhomToExpect() throws Exception {
    golden();
    Files.delete(folder.resolve("registry.mv.db"));
    try (Steering steering = start()) {
      Json expected = get(steering, "/v1/appliances/north-1");
      assertEquals("suspect", expected.at("appliance", "standing").text());
    }
  }

  @Test
  void start_onARegistryOfANewerLayout_isRefusedAndLeavesAllAsItWas() throws Exception {
    golden();
    try (Connection connection = registry();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO registry_layout (version) VALUES (2)");
      statement.execute("ALTER TABLE appliance ADD COLUMN of_layout_2 INT DEFAULT 5 NOT NULL");
    }
    byte[] fleet = Files.readAllBytes(folder.resolve("fleet"));
    String before = dump();
    NewerDataException refused = assertThrows(NewerDataException.class, () -> start().close());
    String text = String.valueOf(refused.getMessage());
    assertTrue(
        text.startsWith("the registry " + folder.resolve("registry.mv.db") + " has layout 2"),
        text);
    assertTrue(text.contains("knows up to 1; run the newer release, or "), text);
    assertEquals(new String(fleet, UTF_8), Files.readString(folder.resolve("fleet")));
    // The writer's thread is a daemon and lets go of the file by itself.
    org.awaitility.Awaitility.await().until(() -> before.equals(dumpOrFault()));
  }

  @Test
  void start_onAFleetOfANewerFormat_goesWithoutIt() throws Exception {
    golden();
    Path fleet = folder.resolve("fleet");
    Files.writeString(fleet, Files.readString(fleet).replaceFirst("oca-fleet 1", "oca-fleet 2"));
    try (Steering steering = start()) {
      assertTrue(
          get(steering, "/v1/appliances/north-1").toString().contains("new disks"),
          "the registry has it");
    }
    assertTrue(Files.readString(fleet).startsWith("oca-fleet 1 "));
  }

  private void golden() throws Exception {
    for (Map.Entry<String, String> each : GOLDEN.entrySet()) {
      try (InputStream in = FormatsTest.class.getResourceAsStream("/golden/" + each.getValue())) {
        if (in == null) {
          make();
          return;
        }
        Files.write(
            folder.resolve(each.getKey()),
            new GZIPInputStream(new ByteArrayInputStream(in.readAllBytes())).readAllBytes());
      }
    }
  }

  private void make() throws Exception {
    try (Steering steering = start()) {
      for (Beats one : new Beats[] {NORTH_1, NORTH_2}) {
        HttpResponse<byte[]> heard =
            http.send(
                HttpRequest.newBuilder(
                        URI.create("http://" + steering.endpoint() + "/v1/heartbeats"))
                    .POST(BodyPublishers.ofByteArray(Wire.write(one.beat(1, 1))))
                    .build(),
                BodyHandlers.ofByteArray());
        assertEquals(200, heard.statusCode());
      }
      HttpResponse<byte[]> drained =
          http.send(
              HttpRequest.newBuilder(operators(steering, "/v1/appliances/north-1/drain"))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"reason\":\"new disks\"}"))
                  .build(),
              BodyHandlers.ofByteArray());
      assertEquals(200, drained.statusCode());
    }
    try (Connection connection = registry();
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN COMPACT");
    }
    for (Map.Entry<String, String> each : GOLDEN.entrySet()) {
      Path seen = Path.of("target", "golden", each.getValue());
      Files.createDirectories(seen.getParent());
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
        out.write(Files.readAllBytes(folder.resolve(each.getKey())));
      }
      Files.write(seen, packed.toByteArray());
    }
    fail("golden files are missing; see target/golden for those of this release");
  }

  private Steering start() throws IOException, ConfigException {
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: http://127.0.0.1:1/catalog.json
        sites: [{ id: north, latitude: 53.55, longitude: 10.00 }]
        networks: [{ prefix: 127.0.0.0/24, site: north }]
        origin: 127.0.0.10:8440
        publicUri: http://steer.example/
        operators: { listen: "127.0.0.1:0" }
        fleet: { file: "%s", startWait: 60s }
        registry: { file: "%s", startWait: 60s }
        """
            .formatted(folder.resolve("fleet"), folder.resolve("registry"));
    return Steering.start(
        ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class),
        InstantSource.fixed(Instant.EPOCH),
        System::nanoTime,
        7);
  }

  private static URI operators(Steering steering, String path) {
    return URI.create("http://" + steering.operatorsEndpoint().orElseThrow() + path);
  }

  private Json get(Steering steering, String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(operators(steering, path)).build(), BodyHandlers.ofByteArray());
    assertEquals(200, answer.statusCode(), path);
    return Json.parse(answer.body());
  }

  private Connection registry() throws SQLException {
    return DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("registry"), "sa", "");
  }

  private String dumpOrFault() {
    try {
      return dump();
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private String dump() throws SQLException {
    StringBuilder all = new StringBuilder();
    try (Connection connection = registry();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SCRIPT")) {
      while (rows.next()) {
        all.append(rows.getString(1)).append('\n');
      }
    }
    return all.toString();
  }
}
