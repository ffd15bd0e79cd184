package oca.protocol.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import oca.model.Endpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsListenerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private ControlListener listener;

  @BeforeEach
  void start() throws IOException {
    for (String name :
        new String[] {"ca", "other-ca", "server", "renewed", "north-1", "stranger"}) {
      copy(name + ".pem");
    }
    for (String name : new String[] {"server", "renewed", "north-1", "stranger"}) {
      copy(name + "-key.pem");
    }
    listener = listen(ListenerTls.Provider.BORINGSSL);
  }

  @AfterEach
  void stop() {
    listener.close();
  }

  @Test
  void get_withTheAuthority_isAnsweredByEitherProvider() throws IOException {
    assertEquals("nobody", ask(believing("ca", Optional.empty())));
    try (ControlListener jdk = listen(ListenerTls.Provider.JDK);
        ControlClient client =
            new ControlClient(PATIENCE, believing("ca", Optional.of("north-1")))) {
      assertEquals("CN=an appliance", client.get(who(jdk), String.class));
    }
  }

  @Test
  void get_withoutTheAuthority_isNotBelieved() {
    assertThrows(IOException.class, () -> ask(believing("other-ca", Optional.empty())));
    await().until(() -> listener.reasons().get(ListenerReason.HANDSHAKE) >= 1);
  }

  @Test
  void get_withACertificate_isToldToTheHandler() throws IOException {
    assertEquals("CN=an appliance", ask(believing("ca", Optional.of("north-1"))));
  }

  @Test
  void get_withACertificateOfAnotherAuthority_isRefused() {
    assertThrows(IOException.class, () -> ask(believing("ca", Optional.of("stranger"))));
  }

  @Test
  void get_inTheClear_isRefused() throws IOException {
    try (RawClient client = new RawClient(listener.endpoint())) {
      client.send("GET /who HTTP/1.1\r\nHost: x\r\n\r\n");
      assertFalse(client.rest().contains("200 OK"));
    }
    await().until(() -> listener.reasons().get(ListenerReason.HANDSHAKE) == 1);
  }

  @Test
  void reload_newCertificate_isForNewConnectionsAndOldOnesGoOn() throws Exception {
    HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    ClientIdentity.giveTo(builder, believing("ca", Optional.empty()));
    try (HttpClient old = builder.build();
        HttpClient fresh = builder.build()) {
      assertEquals("CN=steering", subject(old));
      replace("renewed");
      listener.reload();
      assertEquals("CN=steering", subject(old), "the same connection");
      assertEquals("CN=steering renewed", subject(fresh));
      Files.writeString(folder.resolve("live.pem"), "no certificate");
      assertThrows(IOException.class, () -> listener.reload());
      assertEquals("CN=steering renewed", subject(fresh));
    }
  }

  @Test
  void client_reloaded_showsTheNewTokenAndBelievesTheNewAuthority() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "first\n");
    Path authorities = folder.resolve("live-ca.pem");
    Files.copy(folder.resolve("other-ca.pem"), authorities);
    ControlCredentials credentials =
        new ControlCredentials(
            Optional.of(token), Optional.empty(), Optional.empty(), Optional.of(authorities));
    try (ControlClient client = new ControlClient(PATIENCE, credentials)) {
      assertThrows(IOException.class, () -> client.get(uri(listener, "token"), String.class));
      Files.copy(folder.resolve("ca.pem"), authorities, StandardCopyOption.REPLACE_EXISTING);
      client.reload();
      assertEquals("Bearer first", client.get(uri(listener, "token"), String.class));
      Files.writeString(token, "second");
      assertEquals("Bearer first", client.get(uri(listener, "token"), String.class));
      assertThrows(IOException.class, () -> client.get(uri(listener, "no"), String.class));
      assertEquals("Bearer second", client.get(uri(listener, "token"), String.class));
      Files.writeString(token, "two words");
      assertThrows(IOException.class, client::reload);
    }
  }

  @Test
  void open_filesThatAreNotFit_nameThemselves() throws IOException {
    Files.copy(folder.resolve("north-1-key.pem"), folder.resolve("other-key.pem"));
    for (String key : new String[] {"other-key.pem", "server.pem", "gone.pem"}) {
      IOException e =
          assertThrows(
              IOException.class,
              () ->
                  TlsContext.open(
                      new ListenerTls(
                          folder.resolve("server.pem"),
                          folder.resolve(key),
                          Optional.empty(),
                          ListenerTls.Provider.JDK)));
      assertTrue(e.getMessage().contains(key), e.getMessage());
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new ControlCredentials(
                Optional.empty(), Optional.of(folder), Optional.empty(), Optional.empty()));
  }

  private ControlListener listen(ListenerTls.Provider provider) throws IOException {
    replace("server");
    ListenerTls tls =
        new ListenerTls(
            folder.resolve("live.pem"),
            folder.resolve("live-key.pem"),
            Optional.of(folder.resolve("ca.pem")),
            provider);
    ControlListener made =
        ControlListener.bind(
                new Endpoint("127.0.0.1", 0),
                ControlListener.Limits.DEFAULT,
                ConnectionLimits.DEFAULT,
                Optional.of(tls))
            .route("GET", "/who", it -> Response.message(name(it)))
            .route("GET", "/no", _ -> Response.problem(401, "no"))
            .route("GET", "/token", it -> Response.message(it.header("authorization").orElse("")));
    made.start();
    return made;
  }

  private static String name(Request request) {
    return request.certificates().isEmpty()
        ? "nobody"
        : request.certificates().getFirst().getSubjectX500Principal().getName();
  }

  private String ask(ControlCredentials credentials) throws IOException {
    try (ControlClient client = new ControlClient(PATIENCE, credentials)) {
      return client.get(who(listener), String.class);
    }
  }

  private String subject(HttpClient client) throws Exception {
    HttpResponse<Void> answer =
        client.send(HttpRequest.newBuilder(who(listener)).build(), BodyHandlers.discarding());
    var chain = answer.sslSession().orElseThrow().getPeerCertificates();
    return ((X509Certificate) chain[0]).getSubjectX500Principal().getName();
  }

  private ControlCredentials believing(String authority, Optional<String> certificate) {
    return new ControlCredentials(
        Optional.empty(),
        certificate.map(name -> folder.resolve(name + ".pem")),
        certificate.map(name -> folder.resolve(name + "-key.pem")),
        Optional.of(folder.resolve(authority + ".pem")));
  }

  private static URI who(ControlListener of) {
    return uri(of, "who");
  }

  private static URI uri(ControlListener of, String path) {
    return URI.create("https://" + of.endpoint() + "/" + path);
  }

  private void replace(String name) throws IOException {
    Files.copy(
        folder.resolve(name + ".pem"),
        folder.resolve("live.pem"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.copy(
        folder.resolve(name + "-key.pem"),
        folder.resolve("live-key.pem"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void copy(String resource) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(TlsListenerTest.class.getResourceAsStream(resource), resource)) {
      Files.copy(in, folder.resolve(resource));
    }
  }
}
