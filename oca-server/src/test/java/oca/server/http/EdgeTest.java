package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Optional;
import oca.model.ContentId;
import oca.protocol.Playback;
import oca.protocol.token.Reason;
import oca.protocol.token.TokenMint;
import oca.server.http.RawClient.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens, what players tell and are told, and rates, over sockets on each transport. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class EdgeTest extends ListenerFixture {
  private static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  EdgeTest(HttpConfig.Choice choice) {
    super(choice);
  }

  private void openProtected() throws IOException {
    Path keys = folder.resolve("keys.yaml");
    Files.writeString(
        keys,
        "keys:\n  - {id: k1, algorithm: hmac-token, notAfter: 2027-01-01T00:00:00Z, secret: \""
            + Base64.getEncoder().encodeToString(SECRET)
            + "\"}\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    open("authorize: {protect: [/t], keyFile: " + keys + "}");
  }

  private static String token(long expirySecond) {
    return new TokenMint("k1", SECRET).forFolder("t", expirySecond, Optional.empty());
  }

  @Test
  void get_withToken_hasTheBytesAndTheRecordNamesTheFile() throws IOException {
    openProtected();
    Answer answer = get("/" + token(NOW.getEpochSecond() + 60) + "/t/small.mp4");
    assertEquals(200, answer.status());
    assertArrayEquals(small, answer.body());
    await().until(() -> records.size() == 1);
    assertEquals(ContentId.ofPath("t/small.mp4"), records.element().file());
  }

  @Test
  void get_withoutGoodToken_is403ByReasonAndTheConnectionGoesOn() throws IOException {
    openProtected();
    String good = token(NOW.getEpochSecond() + 60);
    String altered = good.substring(0, good.length() - 1) + (good.endsWith("A") ? "B" : "A");
    try (RawClient client = connect()) {
      assertEquals(403, client.get("/t/small.mp4").answer().status());
      assertEquals(403, client.get("/" + altered + "/t/small.mp4").answer().status());
      String late = token(NOW.getEpochSecond() - 60);
      assertEquals(403, client.get("/" + late + "/t/small.mp4").answer().status());
      assertEquals(403, client.get("/" + good + "/t/../../etc/passwd").answer().status());
      assertEquals(200, client.get("/" + good + "/t/small.mp4").answer().status());
    }
    assertEquals(1, listener.denials().get(Reason.NO_TOKEN));
    assertEquals(1, listener.denials().get(Reason.EXPIRED));
    assertEquals(4, listener.denials().values().stream().mapToLong(Long::longValue).sum());
    await().until(() -> source.openLeases.get() == 0);
  }

  @Test
  void get_withCmcd_isToldOfInTheRecordAndHearsOfTheLoad() throws IOException {
    open();
    listener.tellPlayers("\"north-1\";du");
    try (RawClient client = connect()) {
      assertEquals("", client.get("/t/none").answer().field("cmsd-dynamic"));
      Answer answer =
          client
              .get("/t/small.mp4", "CMCD-Object: br=3000,ot=v", "CMCD-Session: sid=\"s1\"")
              .answer();
      assertEquals("\"north-1\";du", answer.field("cmsd-dynamic"));
    }
    await().until(() -> records.size() == 2);
    Playback told = records.stream().skip(1).findFirst().orElseThrow().playback();
    assertEquals("s1", told.session());
    assertEquals(3000, told.bitrateKbps());
  }

  @Test
  void get_digestWanted_isSent() throws IOException {
    try (RawClient client = connect()) {
      assertEquals("", client.get("/t/small.mp4").answer().field("repr-digest"));
      Answer answer = client.get("/t/small.mp4", "Want-Repr-Digest: sha-256=1").answer();
      assertTrue(answer.field("repr-digest").startsWith("sha-256=:"), answer.field("repr-digest"));
      assertEquals("oca; hit", answer.field("cache-status"));
    }
  }

  @Test
  void get_bulkBeyondItsPlaces_waitsForViewers() throws IOException {
    open("maxBulk: 0", "retryAfter: 7s");
    try (RawClient client = connect()) {
      Answer busy = client.get("/t/small.mp4", "Priority: u=7").answer();
      assertEquals(503, busy.status());
      assertEquals("7", busy.field("retry-after"));
      assertEquals(200, client.get("/t/small.mp4", "Priority: u=3").answer().status());
    }
    assertEquals(1, listener.bulkRefused());
  }

  @Test
  void connections_ofOneNetwork_areBounded() throws IOException {
    open("eventLoops: 1", "maxConnectionsPerNetwork: 1");
    try (RawClient one = connect()) {
      assertEquals(404, one.get("/t/none").answer().status());
      assertEquals(503, get("/t/none").status());
    }
    assertEquals(1, listener.connectionsCrowded());
    await().until(() -> get("/t/none").status() == 404);
  }

  @Test
  void get_paced_leavesAtTheRate() throws IOException {
    open("pacing: {mode: fixed, defaultKbps: 80000, floorKbps: 1000}");
    try (RawClient client = connect()) {
      // The kernel lets a connection's first ten segments go at once, of 64 KiB each on loopback.
      assertEquals(
          1_000_000, client.get("/t/big.mp4", "Range: bytes=0-999999").answer().body().length);
      long begun = System.nanoTime();
      assertEquals(
          10_000_000, client.get("/t/big.mp4", "Range: bytes=0-9999999").answer().body().length);
      double seconds = (System.nanoTime() - begun) / 1e9;
      if (choice != HttpConfig.Choice.NIO) {
        System.out.printf("%s: 10 MB at 80 Mbit/s took %.3f s%n", choice, seconds);
        // A machine that is busy may make it slower, nothing faster.
        assertTrue(seconds > 0.95, "10 MB at 80 Mbit/s took " + seconds + " s");
      }
    }
  }
}
