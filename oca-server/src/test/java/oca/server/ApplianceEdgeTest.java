package oca.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.protocol.http.ControlClient;
import oca.protocol.token.TokenMint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an appliance's configuration makes of its answers, and what is read again while it runs. */
class ApplianceEdgeTest {
  private static final String PATH = "titles/harbour/v0.mp4";
  private static final byte[] FIRST = secret('a');
  private static final byte[] SECOND = secret('b');

  private final HttpClient viewer = HttpClient.newHttpClient();
  private final ControlClient operator = new ControlClient(Duration.ofSeconds(30));
  private final TestControlPlane plane;

  @TempDir private Path folder;

  ApplianceEdgeTest() throws IOException {
    plane = new TestControlPlane(new ApplianceId("north-1"));
  }

  @AfterEach
  void stop() {
    viewer.shutdownNow();
    operator.close();
    plane.close();
  }

  private static byte[] secret(char letter) {
    return String.valueOf(letter).repeat(32).getBytes(StandardCharsets.US_ASCII);
  }

  private Appliance start(String http) throws Exception {
    String yaml =
        """
        id: north-1
        site: north
        advertise: 127.0.0.1:0
        http: {listen: "127.0.0.1:0", drainIdle: 0ms%s}
        admin: 127.0.0.1:0
        store: {volumes: [{path: %s, capacity: 100MB}], indexFolder: %s, maxFiles: 1000, maxOpenFiles: 100}
        controller: %s
        heartbeat: {interval: 100ms}
        cmsd: {duressAt: 0.00001}
        """
            .formatted(http, folder.resolve("disk"), folder.resolve("index"), plane.uri(""));
    return Appliance.start(ConfigFile.parse("appliance.yaml", yaml, ApplianceConfig.class));
  }

  private void writeKeys(String text) throws IOException {
    Path keys = folder.resolve("keys.yaml");
    Files.writeString(keys, text);
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
  }

  private static String key(String id, byte[] secret) {
    return "  - {id: %s, algorithm: hmac-token, notAfter: 2100-01-01T00:00:00Z, secret: \"%s\"}\n"
        .formatted(id, Base64.getEncoder().encodeToString(secret));
  }

  private HttpResponse<byte[]> get(Appliance appliance, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(appliance.endpoint().http(path)).build();
    return viewer.send(request, BodyHandlers.ofByteArray());
  }

  private int status(Appliance appliance, String keyId, byte[] secret) throws Exception {
    long expiry = Instant.now().getEpochSecond() + 600;
    String token = new TokenMint(keyId, secret).forFolder("titles", expiry, Optional.empty());
    return get(appliance, token + "/" + PATH).statusCode();
  }

  @Test
  void reload_newKeys_areTakenAndNoSessionEnds() throws Exception {
    writeKeys("keys:\n" + key("k1", FIRST));
    String keyFile = folder.resolve("keys.yaml").toString();
    try (Appliance appliance =
        start(", authorize: {protect: [/titles], keyFile: %s}".formatted(keyFile))) {
      URI reload = appliance.adminEndpoint().http("v1/reload");
      assertEquals(404, status(appliance, "k1", FIRST));
      assertEquals(403, status(appliance, "k2", SECOND));
      writeKeys("keys:\n" + key("k1", FIRST) + key("k2", SECOND));
      operator.post(reload, Map.of());
      assertEquals(404, status(appliance, "k1", FIRST));
      assertEquals(404, status(appliance, "k2", SECOND));

      writeKeys("keys: nonsense");
      assertThrows(IOException.class, () -> operator.post(reload, Map.of()));
      assertEquals(404, status(appliance, "k1", FIRST));
      assertEquals(404, status(appliance, "k2", SECOND));

      writeKeys("keys:\n" + key("k2", SECOND));
      operator.post(reload, Map.of());
      assertEquals(403, status(appliance, "k1", FIRST));
      assertEquals(404, status(appliance, "k2", SECOND));
    }
  }

  @Test
  void answers_tellLoadAndTime() throws Exception {
    try (Appliance appliance = start(", serverTiming: true")) {
      await().until(() -> !plane.heartbeats.isEmpty());
      String told = PATH + "?CMCD=br%3D3200%2Cot%3Dv%2Csid%3D%22a%22";
      HttpResponse<byte[]> answer = get(appliance, told);
      // One connection is a ten-thousandth of those that may be, and that is duress here.
      await()
          .until(
              () ->
                  get(appliance, told)
                      .headers()
                      .firstValue("CMSD-Dynamic")
                      .orElse("")
                      .equals("\"north-1\";du"));
      String timing = answer.headers().firstValue("Server-Timing").orElse("");
      assertTrue(timing.matches("head;dur=[0-9]+(\\.[0-9]+)?"), timing);
      // Whoever tells nothing is told nothing.
      assertTrue(get(appliance, PATH).headers().firstValue("CMSD-Dynamic").isEmpty());
    }
  }
}
