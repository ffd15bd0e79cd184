package oca.server.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import oca.model.Endpoint;
import oca.server.http.RawClient.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/1 over TLS, on each transport. */
@ParameterizedClass
@EnumSource(
    value = HttpConfig.Choice.class,
    names = {"NIO", "EPOLL", "IO_URING"})
class TlsListenerTest extends ListenerFixture {
  private final SSLContext client = TlsFixture.trusting();
  private Path certificates;
  private Path key;

  TlsListenerTest(HttpConfig.Choice choice) {
    super(choice);
  }

  private Endpoint openTls(String tls, String... lines) throws IOException {
    certificates = folder.resolve("chain.pem");
    key = folder.resolve("key.pem");
    TlsFixture.install("one", certificates, key);
    List<String> all = new ArrayList<>(List.of(lines));
    all.add(
        "tls: {listen: 127.0.0.1:0, certificates: %s, key: %s%s}"
            .formatted(certificates, key, tls.isEmpty() ? "" : ", " + tls));
    return open(all.toArray(String[]::new)).tlsEndpoint().orElseThrow();
  }

  private RawClient connectTls(Endpoint to, String version) throws IOException {
    return new RawClient(TlsFixture.connect(client, to, version));
  }

  @Test
  void ranges_bothVersions_areExact() throws IOException {
    Endpoint to = openTls("");
    byte[] bytes = new byte[3 << 20];
    new Random(5).nextBytes(bytes);
    Path file = Files.write(folder.resolve("medium"), bytes);
    source.publish("t/medium.mp4", file, 0, bytes.length, bytes.length);
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      try (RawClient tls = connectTls(to, version)) {
        Random random = new Random(6);
        for (int i = 0; i < 20; i++) {
          int first = random.nextInt(bytes.length);
          int last = first + random.nextInt(Math.min(1 << 20, bytes.length - first));
          Answer answer = tls.get("/t/medium.mp4", "Range: bytes=" + first + "-" + last).answer();
          assertEquals(206, answer.status());
          assertArrayEquals(Arrays.copyOfRange(bytes, first, last + 1), answer.body());
        }
        assertArrayEquals(bytes, tls.get("/t/medium.mp4").answer().body());
        assertEquals(404, tls.get("/t/none").answer().status());
        assertEquals(
            "" + SMALL,
            tls.say(RawClient.request("HEAD", "/t/small.mp4")).head().field("content-length"));
        tls.get("/t/small.mp4").get("/t/small.mp4");
        assertArrayEquals(small, tls.answer().body());
        assertArrayEquals(small, tls.answer().body());
      }
    }
    await().until(() -> records.size() == 50);
    assertEquals(50, listener.protocols().get(Protocol.HTTP_1_TLS));
    assertEquals(0, listener.protocols().get(Protocol.HTTP_1));
  }

  @Test
  void clear_besideTls_isServed() throws IOException {
    openTls("");
    assertArrayEquals(small, get("/t/small.mp4").body());
    await().until(() -> listener.protocols().get(Protocol.HTTP_1) == 1);
  }

  @Test
  void lastAnswer_always_endsWithAGoodbye() throws IOException {
    Endpoint to = openTls("");
    try (RawClient tls = connectTls(to, "TLSv1.3")) {
      Answer answer = tls.get("/t/small.mp4", "Connection: close").answer();
      assertArrayEquals(small, answer.body());
      // JSSE throws when the connection ends without close_notify.
      assertEquals(-1, tls.read(new byte[1]));
    }
  }

  @Test
  void file_tooShort_breaksOffAndTellsTheStore() throws IOException {
    Endpoint to = openTls("");
    try (RawClient tls = connectTls(to, "TLSv1.3")) {
      tls.get("/t/short.mp4").head();
      assertArrayEquals(small, tls.bytes(SMALL));
      assertTrue(tls.isEnded());
    }
    await().until(() -> records.size() == 1);
    assertEquals(1, source.readErrors.get());
    assertEquals(SMALL, listener.bytesSent());
    assertEquals(1, listener.brokenOff());
  }

  @Test
  void reader_stalled_isClosedAndTheLeaseGivenBack() throws IOException {
    Endpoint to = openTls("", "idleTimeout: 200ms", "lingerTimeout: 100ms");
    try (RawClient tls =
        new RawClient(TlsFixture.shakeHands(client, RawClient.open(to, 8192), to, "TLSv1.3"))) {
      tls.get("/t/big.mp4").head();
      await().until(() -> records.size() == 1);
      assertEquals(false, records.element().complete());
      assertEquals(0, source.openLeases.get());
    }
    await().until(() -> listener.connections() == 0);
  }

  @Test
  void readers_twoHundredStalled_holdWhatIsDocumented() throws Exception {
    int readers = 200;
    Endpoint to = openTls("", "maxConnections: 300");
    List<Socket> stalled = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Future<Socket>> all = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        all.add(
            threads.submit(
                () -> {
                  Socket plain = RawClient.open(to, 8192);
                  RawClient one =
                      new RawClient(TlsFixture.shakeHands(client, plain, to, "TLSv1.3"));
                  one.get("/t/big.mp4").head();
                  return plain;
                }));
      }
      for (Future<Socket> one : all) {
        stalled.add(one.get());
      }
      long each = 160 << 10;
      // What arenas hold beside: their last chunks, and what threads keep at hand.
      long beside = 3L * (4 << 20);
      await().during(java.time.Duration.ofMillis(300)).until(() -> true);
      long held = listener.directMemory();
      System.out.printf("%s: %d stalled readers hold %d KiB%n", choice, readers, held >> 10);
      assertTrue(held <= readers * each + beside, held + " bytes of direct memory");
      assertEquals(readers, source.openLeases.get());
      // Others are served on.
      try (RawClient other = connectTls(to, "TLSv1.3")) {
        assertArrayEquals(small, other.get("/t/small.mp4").answer().body());
      }
    } finally {
      for (Socket one : stalled) {
        one.setSoLinger(true, 0);
        one.close();
      }
    }
  }

  // Handshakes and certificates.

  @Test
  void handshake_notMade_isEndedInTimeAndCounted() throws IOException {
    Endpoint to = openTls("handshakeTimeout: 100ms");
    try (RawClient mute = new RawClient(to)) {
      assertTrue(mute.isEnded());
    }
    try (RawClient clear = new RawClient(to)) {
      clear.get("/t/small.mp4");
      clear.readToTheEnd();
    }
    await().until(() -> listener.tls().orElseThrow().handshakeFailures() == 2);
    await().until(() -> listener.connections() == 0);
  }

  @Test
  void handshake_versionNotSpoken_fails() throws IOException {
    Endpoint to = openTls("protocols: [tls-1-3]");
    assertThrows(IOException.class, () -> connectTls(to, "TLSv1.2"));
    connectTls(to, "TLSv1.3").close();
  }

  @Test
  void reload_underLiveConnections_dropsNone() throws IOException {
    Endpoint to = openTls("");
    try (SSLSocket socket = TlsFixture.connect(client, to, "TLSv1.3");
        RawClient old = new RawClient(socket)) {
      assertEquals("CN=one.test", subject(socket));
      old.get("/t/big.mp4");
      assertEquals(200, old.head().status());
      TlsFixture.install("two", certificates, key);
      listener.reloadCertificate();
      assertEquals(BIG, old.bytes(BIG).length);
      assertArrayEquals(small, old.get("/t/small.mp4").answer().body());
      try (SSLSocket next = TlsFixture.connect(TlsFixture.trusting(), to, "TLSv1.3")) {
        assertEquals("CN=two.test", subject(next));
      }
      assertEquals(1, listener.tls().orElseThrow().reloads());
    }
  }

  @Test
  void reload_brokenFile_keepsTheOldOneAndSaysWhy() throws IOException {
    Endpoint to = openTls("reloadInterval: 20ms");
    TlsFixture.copy("two.pem", certificates); // and the key of another
    await().until(() -> listener.tls().orElseThrow().fault().isPresent());
    TlsStatus status = listener.tls().orElseThrow();
    assertTrue(status.fault().orElseThrow().contains(key + " is not the key"), status.toString());
    assertEquals(1, status.reloadFailures());
    assertTrue(status.secondsLeft() > 0);
    assertTrue(status.expires().isAfter(Instant.ofEpochSecond(FileSource.MODIFIED)));
    Files.writeString(certificates, "nonsense");
    IOException refusal = assertThrows(IOException.class, listener::reloadCertificate);
    assertTrue(refusal.getMessage().contains(certificates.toString()), refusal.getMessage());
    Files.delete(key);
    assertThrows(IOException.class, listener::reloadCertificate);
    try (SSLSocket socket = TlsFixture.connect(client, to, "TLSv1.3")) {
      assertEquals("CN=one.test", subject(socket));
    }
    TlsFixture.install("rsa", certificates, key);
    await().until(() -> listener.tls().orElseThrow().fault().isEmpty());
    try (SSLSocket socket = TlsFixture.connect(TlsFixture.trusting(), to, "TLSv1.2")) {
      assertEquals("CN=rsa.test", subject(socket));
    }
  }

  @Test
  void session_again_isResumedByTicketAlsoAfterAReload() throws IOException {
    Endpoint to = openTls("");
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      SSLContext one = TlsFixture.trusting();
      long first = session(one, to, version);
      listener.reloadCertificate();
      assertEquals(first, session(one, to, version), version);
    }
  }

  @Test
  void session_noTickets_isNotResumed() throws IOException {
    Endpoint without = openTls("tickets: false");
    for (String version : List.of("TLSv1.2", "TLSv1.3")) {
      SSLContext one = TlsFixture.trusting();
      long first = session(one, without, version);
      await().until(() -> System.currentTimeMillis() > first);
      assertTrue(first != session(one, without, version), version);
    }
  }

  /** When the session was made that this connection has. */
  private long session(SSLContext with, Endpoint to, String version) throws IOException {
    try (SSLSocket socket = TlsFixture.connect(with, to, version);
        RawClient tls = new RawClient(socket)) {
      tls.get("/t/none").answer();
      return socket.getSession().getCreationTime();
    }
  }

  @Test
  void open_unfit_namesWhatIsWrong() throws IOException {
    IOException cipher = assertThrows(IOException.class, () -> openTls("ciphers: [TLS_NONE]"));
    assertTrue(cipher.getMessage().contains("TLS_NONE"), cipher.getMessage());
    certificates = folder.resolve("chain.pem");
    IOException missing =
        assertThrows(
            IOException.class,
            () ->
                open(
                    "tls: {listen: 127.0.0.1:0, certificates: %s, key: /nowhere/key.pem}"
                        .formatted(certificates)));
    assertTrue(missing.getMessage().contains("/nowhere/key.pem"), missing.getMessage());
  }

  @Test
  void provider_jdk_servesToo() throws IOException {
    Endpoint to = openTls("provider: jdk");
    try (RawClient tls = connectTls(to, "TLSv1.3")) {
      assertArrayEquals(small, tls.get("/t/small.mp4").answer().body());
    }
  }

  private static String subject(SSLSocket socket) throws IOException {
    X509Certificate first = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return first.getSubjectX500Principal().getName();
  }
}
