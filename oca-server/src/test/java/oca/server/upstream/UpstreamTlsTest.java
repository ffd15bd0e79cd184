package oca.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Upstreams at https: who is believed, and who is not. Those of the listener's tests are for
 * localhost.
 */
class UpstreamTlsTest extends UpstreamFixture {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String FOLDER = "/oca/server/http/";

  @TempDir Path folder;

  private static InputStream resource(String name) {
    return Objects.requireNonNull(UpstreamTlsTest.class.getResourceAsStream(name), name);
  }

  private static SSLContext server(String name) throws Exception {
    try (InputStream chain = resource(name + ".pem");
        InputStream key = resource(name + "-key.pem")) {
      Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(chain);
      String text = new String(key.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
      PrivateKey secret =
          KeyFactory.getInstance("EC")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(
                      Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""))));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("it", secret, new char[0], new Certificate[] {certificate});
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    }
  }

  /** Lays TLS over what it accepts, and remembers what is below. */
  private static final class TlsServer extends ServerSocket {
    private final SSLContext context;
    private final String version;
    final Map<Socket, Socket> below = new ConcurrentHashMap<>();

    TlsServer(SSLContext context, String version) throws IOException {
      this.context = context;
      this.version = version;
    }

    @Override
    public Socket accept() throws IOException {
      Socket plain = super.accept();
      SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(plain, (InputStream) null, true);
      socket.setUseClientMode(false);
      socket.setEnabledProtocols(new String[] {version});
      below.put(socket, plain);
      return socket;
    }
  }

  private TlsServer server;

  private ScriptedOrigin secure(String name, String version, ScriptedOrigin.Script script)
      throws Exception {
    server = new TlsServer(server(name), version);
    return keep(new ScriptedOrigin(server, script));
  }

  private ScriptedOrigin secure(String name) throws Exception {
    return secure(
        name,
        "TLSv1.3",
        peer -> {
          while (peer.request() != null) {
            peer.say(OK);
          }
        });
  }

  private String trust(String name) throws IOException {
    Path file = folder.resolve("trust.pem");
    try (InputStream in = resource(name + ".pem")) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file.toString();
  }

  private void openTls(ScriptedOrigin origin, String host, String trusted, String tls)
      throws IOException {
    resolver = _ -> List.of(InetAddress.getLoopbackAddress());
    open(
        "origins: [{url: \"https://" + host + ":" + origin.port() + "\"}]",
        "deadline: 60s",
        "connect: 60s",
        "tls: {trust: " + trust(trusted) + tls + "}");
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.3, boringssl, named, root, a.video.test",
    "TLSv1.2, boringssl, named, root, a.video.test",
    "TLSv1.3, jdk, named, root, a.video.test",
    "TLSv1.2, jdk, named, root, a.video.test",
    "TLSv1.3, boringssl, /oca/server/http/one, /oca/server/http/one, 127.0.0.1",
    "TLSv1.3, jdk, /oca/server/http/one, /oca/server/http/one, 127.0.0.1",
  })
  void upstream_trusted_isAsked(
      String version, String provider, String name, String trusted, String host) throws Exception {
    ScriptedOrigin origin =
        secure(
            name,
            version,
            peer -> {
              while (peer.request() != null) {
                var session = (ExtendedSSLSession) ((SSLSocket) peer.socket).getSession();
                String names = session.getRequestedServerNames().toString();
                peer.say(
                    "HTTP/1.1 200 OK\r\nContent-Length: " + names.length() + "\r\n\r\n" + names);
              }
            });
    openTls(origin, host, trusted, ", provider: " + provider);
    EventLoop loop = loops.next();
    for (int i = 0; i < 3; i++) {
      TestReceiver.Outcome outcome = ask(loop, get("/"));
      assertTrue(outcome.isWhole(), outcome.toString());
      assertEquals(host.endsWith(".test"), outcome.body().contains(host), outcome.body());
    }
    assertEquals(1, origin.connections.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void upstream_untrusted_isNotAsked(String provider) throws Exception {
    ScriptedOrigin origin = secure(FOLDER + "two");
    openTls(origin, "localhost", FOLDER + "one", ", provider: " + provider);
    refused(origin);
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void upstream_ofAnotherName_isNotAsked(String provider) throws Exception {
    ScriptedOrigin origin = secure(FOLDER + "one");
    openTls(origin, "other.test", FOLDER + "one", ", provider: " + provider);
    refused(origin);
  }

  @ParameterizedTest
  @ValueSource(strings = {"boringssl", "jdk"})
  void upstream_expired_isNotAsked(String provider) throws Exception {
    ScriptedOrigin origin = secure("expired");
    openTls(origin, "localhost", "root", ", provider: " + provider);
    refused(origin);
  }

  @Test
  void upstream_ofOldTls_isNotAsked() throws Exception {
    ScriptedOrigin origin = secure(FOLDER + "one", "TLSv1.2", ScriptedOrigin.Peer::awaitEnd);
    openTls(origin, "localhost", FOLDER + "one", ", protocols: [tls-1-3]");
    refused(origin);
  }

  @Test
  void upstream_withoutTls_isNotAsked() throws Exception {
    ScriptedOrigin origin = origin(peer -> peer.say("HTTP/1.1 400 Bad\r\n\r\n"));
    openTls(origin, "localhost", FOLDER + "one", "");
    refused(origin);
  }

  private void refused(ScriptedOrigin origin) throws Exception {
    TestReceiver.Outcome outcome = ask(get("/"));
    assertEquals(UpstreamFailure.TLS, outcome.failure(), outcome.detail());
    assertEquals(0, origin.requests.size());
    await().until(() -> only().connections() == 0);
  }

  @Test
  void handshake_withoutAnAnswer_timesOut() throws Exception {
    ScriptedOrigin origin = origin(ScriptedOrigin.Peer::awaitEnd);
    resolver = _ -> List.of(InetAddress.getLoopbackAddress());
    open("origins: [{url: \"https://localhost:" + origin.port() + "\"}]", "connect: 50ms");
    assertEquals(UpstreamFailure.CONNECT_TIMEOUT, ask(get("/")).failure());
    await().until(() -> origin.ended.get() == 1);
  }

  @Test
  void upstream_withOrdinaryTrust_isNotAskedWithACertificateOfItsOwn() throws Exception {
    ScriptedOrigin origin = secure(FOLDER + "one");
    resolver = _ -> List.of(InetAddress.getLoopbackAddress());
    open(
        "origins: [{url: \"https://localhost:" + origin.port() + "\"}]",
        "deadline: 60s",
        "connect: 60s");
    refused(origin);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void body_untilClose_isWholeOnlyWithAGoodbye(boolean goodbye) throws Exception {
    ScriptedOrigin origin =
        secure(
            FOLDER + "one",
            "TLSv1.3",
            peer -> {
              peer.request();
              peer.say("HTTP/1.1 200 OK\r\n\r\nhello");
              if (!goodbye) {
                // The socket below ends, and TLS is not told.
                server.below.get(peer.socket).close();
              }
            });
    openTls(origin, "localhost", FOLDER + "one", "");
    TestReceiver.Outcome outcome = ask(get("/"));
    assertEquals("hello", outcome.body());
    assertEquals(goodbye ? null : UpstreamFailure.TRUNCATED, outcome.failure());
  }

  @Test
  void body_large_isExactAndStopsWhilePaused() throws Exception {
    byte[] bytes = new byte[2 << 20];
    new java.util.Random(3).nextBytes(bytes);
    ScriptedOrigin origin =
        secure(
            FOLDER + "one",
            "TLSv1.3",
            peer -> {
              peer.request();
              peer.say("HTTP/1.1 200 OK\r\nContent-Length: " + bytes.length + "\r\n\r\n");
              peer.say(bytes);
              peer.awaitEnd();
            });
    openTls(origin, "localhost", FOLDER + "one", "");
    EventLoop loop = loops.next();
    Call[] call = new Call[1];
    TestReceiver receiver =
        new TestReceiver() {
          @Override
          public void body(io.netty.buffer.ByteBuf part) {
            super.body(part);
            call[0].pause();
            loop.execute(call[0]::resume);
          }
        };
    loop.submit(() -> call[0] = upstreams.send(loop, get("/"), receiver)).sync();
    TestReceiver.Outcome outcome = receiver.await();
    assertEquals(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1), outcome.body());
  }

  @Test
  void trust_notThere_isTold() {
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                open(
                    "origins: [{url: \"https://localhost\"}]",
                    "tls: {trust: " + folder.resolve("none.pem") + "}"));
    assertTrue(thrown.getMessage().contains("none.pem is not there"), thrown.toString());
  }
}
