package oca.steering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlCredentials;
import oca.steering.fleet.Beats;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may report as an appliance. */
class AccessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Beats NORTH = Beats.of("north-1", "north", "127.0.0.11");
  private static final Beats SOUTH = Beats.of("south-1", "south", "127.0.0.21");

  @TempDir private Path folder;
  private long sequence;

  @BeforeEach
  void layOut() throws Exception {
    for (String name : List.of("ca", "server", "server-key", "north-1", "north-1-key")) {
      copy(name + ".pem");
    }
    copy("south-1.pem");
    copy("south-1-key.pem");
    Files.writeString(folder.resolve("north-token"), "the token of north-1\n".replace(' ', '-'));
    Files.writeString(folder.resolve("shared-token"), "a-token-that-all-of-them-share");
    Files.writeString(
        folder.resolve("tokens"),
        "# given out in November\n\nnorth-1 " + sha256("the-token-of-north-1") + "\n");
  }

  @Test
  void heartbeat_nothingConfigured_isTakenFromAnybody() throws Exception {
    try (Steering steering = start("{}");
        ControlClient client = new ControlClient(PATIENCE)) {
      assertTrue(beat(client, "http", steering, NORTH).inventoryWanted());
    }
  }

  @Test
  void messages_byToken_areTakenForItsApplianceOnly() throws Exception {
    try (Steering steering = start("{ appliances: { tokens: %s } }".formatted(at("tokens")));
        ControlClient nobody = new ControlClient(PATIENCE);
        ControlClient north = client("north-token", "");
        ControlClient stranger = client("shared-token", "")) {
      assertStatus("401", () -> beat(nobody, "http", steering, NORTH));
      assertStatus("401", () -> beat(stranger, "http", steering, NORTH));
      assertStatus("403", () -> beat(north, "http", steering, SOUTH));
      assertTrue(beat(north, "http", steering, NORTH).inventoryWanted());
      assertStatus("403", () -> tell(north, steering, "south-1"));
      assertStatus("401", () -> tell(nobody, steering, "north-1"));
      tell(north, steering, "north-1");
      Map<?, ?> status = nobody.get(uri("http", steering, "v1/status"), Map.class);
      assertEquals(
          Map.of("no credentials", 2, "unknown token", 1, "not the sender", 2),
          status.get("applianceRefusals"));
      assertEquals(3, ((Map<?, ?>) status.get("refusals")).get("gate"));
      assertEquals(1, ((Map<?, ?>) status.get("heartbeats")).get("accepted"));
    }
  }

  @Test
  void messages_bySharedToken_areTakenForAnyAppliance() throws Exception {
    String access = "{ appliances: { sharedToken: %s } }".formatted(at("shared-token"));
    try (Steering steering = start(access);
        ControlClient north = client("north-token", "");
        ControlClient any = client("shared-token", "")) {
      assertStatus("401", () -> beat(north, "http", steering, NORTH));
      assertTrue(beat(any, "http", steering, NORTH).inventoryWanted());
      assertTrue(beat(any, "http", steering, SOUTH).inventoryWanted());
    }
  }

  @Test
  void messages_byCertificate_areTakenForTheNameInIt() throws Exception {
    String access =
        "{ tls: { certificates: %s, key: %s, clientCertificates: %s, provider: jdk }, %s }"
            .formatted(
                at("server.pem"),
                at("server-key.pem"),
                at("ca.pem"),
                "appliances: { certificates: true }");
    try (Steering steering = start(access);
        ControlClient nobody = client("", "");
        ControlClient north = client("", "north-1");
        ControlClient south = client("", "south-1")) {
      assertStatus("401", () -> beat(nobody, "https", steering, NORTH));
      assertStatus("403", () -> beat(north, "https", steering, SOUTH));
      assertTrue(beat(north, "https", steering, NORTH).inventoryWanted());
      assertTrue(beat(south, "https", steering, SOUTH).inventoryWanted(), "by its common name");
      assertEquals(
          "a", nobody.get(uri("https", steering, "v1/steer?path=a"), Map.class).get("path"));
    }
  }

  @Test
  void reload_newTokens_areTakenWithoutARestart() throws Exception {
    try (Steering steering = start("{ appliances: { tokens: %s } }".formatted(at("tokens")));
        ControlClient north = client("north-token", "")) {
      beat(north, "http", steering, NORTH);
      Files.writeString(folder.resolve("tokens"), "south-1 " + sha256("another") + "\n");
      beat(north, "http", steering, NORTH);
      north.post(uri("http", steering, "v1/reload"), Map.of());
      assertStatus("401", () -> beat(north, "http", steering, NORTH));
      Files.writeString(folder.resolve("tokens"), "north-1 abc\n");
      IOException refused =
          assertThrows(
              IOException.class, () -> north.post(uri("http", steering, "v1/reload"), Map.of()));
      assertTrue(refused.getMessage().contains(": 409 "), refused.getMessage());
      assertTrue(refused.getMessage().contains("line 1"), refused.getMessage());
    }
  }

  @Test
  void probes_always_areAnswered() throws Exception {
    try (Steering steering = start("{}");
        ControlClient client = new ControlClient(PATIENCE)) {
      assertEquals(0, client.post(uri("http", steering, "v1/reload"), Map.of()).length);
      assertStatus("405", () -> client.post(uri("http", steering, "livez"), Map.of()));
      assertStatus("503", () -> client.get(uri("http", steering, "readyz"), Map.class));
      assertStatus("503", () -> client.get(uri("http", steering, "v1/ready"), Map.class));
      try (InputStream in = uri("http", steering, "livez").toURL().openStream()) {
        assertEquals("alive\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void config_thatLetsNobodyIn_isRefused() {
    assertThrows(ConfigException.class, () -> config("{ appliances: {} }"));
    assertThrows(ConfigException.class, () -> config("{ appliances: { certificates: true } }"));
    assertThrows(
        IOException.class, () -> start("{ appliances: { tokens: /nowhere/at-all } }").close());
  }

  private interface Call {
    void run() throws Exception;
  }

  private static void assertStatus(String status, Call call) {
    IOException e = assertThrows(IOException.class, call::run);
    assertTrue(e.getMessage().contains(": " + status + " "), e.getMessage());
  }

  private HeartbeatReply beat(ControlClient client, String scheme, Steering steering, Beats of)
      throws IOException {
    return client.post(
        uri(scheme, steering, "v1/heartbeats"), of.beat(++sequence, 1), HeartbeatReply.class);
  }

  private static void tell(ControlClient client, Steering steering, String appliance)
      throws IOException {
    client.post(
        uri("http", steering, "v1/inventories"),
        new Inventory(new ApplianceId(appliance), NORTH.boot(), 1, List.of(ContentId.ofPath("a"))));
  }

  private static URI uri(String scheme, Steering steering, String path) {
    return URI.create(scheme + "://" + steering.endpoint() + "/" + path);
  }

  private ControlClient client(String token, String certificate) throws IOException {
    return new ControlClient(
        PATIENCE,
        new ControlCredentials(
            token.isEmpty() ? Optional.empty() : Optional.of(at(token)),
            certificate.isEmpty() ? Optional.empty() : Optional.of(at(certificate + ".pem")),
            certificate.isEmpty() ? Optional.empty() : Optional.of(at(certificate + "-key.pem")),
            Optional.of(at("ca.pem"))));
  }

  private Steering start(String access) throws IOException, ConfigException {
    return Steering.start(config(access));
  }

  private static SteeringConfig config(String access) throws ConfigException {
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: http://127.0.0.1:9/catalog.json
        sites: [{ id: north, latitude: 1, longitude: 1 }, { id: south, latitude: 2, longitude: 2 }]
        origin: 127.0.0.10:8440
        publicUri: http://steer.example/
        access: %s
        """
            .formatted(access);
    return ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class);
  }

  private Path at(String name) {
    return folder.resolve(name);
  }

  private static String sha256(String token) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
  }

  private void copy(String resource) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(AccessTest.class.getResourceAsStream(resource), resource)) {
      Files.copy(in, folder.resolve(resource));
    }
  }
}
