package oca.steering.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the gate lets in. */
class OperatorsGateTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "GET, 127.0.0.1:8461, , 0",
    "GET, [::1]:8461, , 0",
    "GET, localhost:8461, , 0",
    "GET, LOCALHOST, , 0",
    "GET, desk.example:8461, , 0",
    "GET, evil.example:8461, , 421",
    "GET, '', , 421",
    "GET, [::1, , 421",
    "GET, localhost.evil.example, , 421",
    "GET, 127.0.0.1:8461, https://evil.example, 0",
    "POST, 127.0.0.1:8461, , 0",
    "POST, 127.0.0.1:8461, http://127.0.0.1:8461, 0",
    "POST, desk.example, https://desk.example, 0",
    "POST, 127.0.0.1:8461, http://127.0.0.1:8460, 403",
    "POST, 127.0.0.1:8461, null, 403",
    "POST, evil.example, http://evil.example, 421",
  })
  void refusal_hostAndOrigin_asExpected(String method, String host, String origin, int status)
      throws IOException {
    OperatorsGate gate = new OperatorsGate(List.of("Desk.example"), Optional.empty());
    Map<String, String> headers = new HashMap<>(Map.of("host", host));
    if (origin != null) {
      headers.put("origin", origin);
    }
    assertEquals(status, status(gate, method, "/v1/thaw", headers));
  }

  @Test
  void refusal_token_isReadAnewAndAskedForUnderV1Only() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "first-secret-word\nrest\n");
    OperatorsGate gate = new OperatorsGate(List.of(), Optional.of(file));
    assertEquals(401, status(gate, "GET", "/v1/fleet", Map.of("host", "localhost")));
    assertEquals(0, status(gate, "GET", "/console/", Map.of("host", "localhost")));
    assertEquals(0, status(gate, "GET", "/v1/fleet", shown("first-secret-word")));
    assertEquals(401, status(gate, "GET", "/v1/fleet", shown("first-secret-wor")));
    Files.writeString(file, "second-secret-word\n");
    assertEquals(401, status(gate, "GET", "/v1/fleet", shown("first-secret-word")));
    assertEquals(0, status(gate, "GET", "/v1/fleet", shown("second-secret-word")));
    Files.delete(file);
    assertEquals(503, status(gate, "GET", "/v1/fleet", shown("second-secret-word")));
  }

  @Test
  void gate_tokenMissingOrShort_isNotMade() throws IOException {
    Path file = folder.resolve("token");
    assertThrows(IOException.class, () -> new OperatorsGate(List.of(), Optional.of(file)));
    Files.writeString(file, "short\n");
    assertThrows(IOException.class, () -> new OperatorsGate(List.of(), Optional.of(file)));
  }

  private static Map<String, String> shown(String token) {
    return Map.of("host", "localhost", "authorization", "Bearer " + token);
  }

  private static int status(
      OperatorsGate gate, String method, String path, Map<String, String> headers) {
    Response refusal =
        gate.refusal(
            new Request(
                method,
                path,
                "",
                Map.of(),
                headers,
                InetAddress.getLoopbackAddress(),
                new byte[0]));
    return refusal == null ? 0 : refusal.status();
  }
}
