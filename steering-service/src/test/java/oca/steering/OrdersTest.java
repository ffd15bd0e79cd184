package oca.steering;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.Catalog;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.Wire;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.fleet.Beats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators' orders over HTTP, from the order to the next answer, and over restarts. */
class OrdersTest {
  private static final String FILE = "titles/harbour/v0.mp4";
  private static final Beats NORTH_1 = Beats.of("north-1", "north", "127.0.0.11");
  private static final Beats NORTH_2 = Beats.of("north-2", "north", "127.0.0.12");
  private static final String H2 =
      "registry: { file: %s/registry, patience: 20s, startWait: 60s }\n";
  private static final String AWAY =
      "registry: { jdbcUrl: 'jdbc:postgresql://127.0.0.1:1/none', patience: 20ms, startWait: 0s,"
          + " queue: 2 }\n";

  @TempDir Path folder;
  private final AtomicLong nanos = new AtomicLong();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ControlListener publisher;
  private Steering steering;
  private long sequence;

  @BeforeEach
  void publish() throws IOException {
    publisher =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog.json", _ -> Response.message(new Catalog("7", List.of())));
    publisher.start();
  }

  @AfterEach
  void close() {
    if (steering != null) {
      steering.close();
    }
    publisher.close();
    http.close();
  }

  @Test
  void drain_serving_leavesTheNextAnswerAndComesBack() throws Exception {
    start(H2);
    report(NORTH_1, NORTH_2);
    assertEquals(3, urls());
    Map<?, ?> drained = order(200, "/v1/appliances/north-1/drain", "{\"reason\":\"new disks\"}");
    assertEquals(2, urls());
    assertEquals(true, drained.get("changed"));
    assertEquals("database", drained.get("kept"));
    assertEquals("draining", ((Map<?, ?>) drained.get("appliance")).get("state"));
    assertEquals("draining", reason("north-1"));
    beat(NORTH_1);
    assertEquals(2, urls(), "its next heartbeat does not end it");
    assertEquals(false, order(200, "/v1/appliances/north-1/drain", "").get("changed"));
    order(200, "/v1/appliances/north-1/undrain", "");
    assertEquals(3, urls());
    List<?> changes = (List<?>) get("/v1/changes").get("changes");
    assertEquals(2, changes.size());
    Map<?, ?> first = (Map<?, ?>) changes.getFirst();
    assertEquals("drain", first.get("what"));
    assertEquals("new disks", first.get("why"));
    assertEquals("127.0.0.1", first.get("who"));
    assertEquals(1, ((List<?>) get("/v1/changes?after=1").get("changes")).size());
    assertEquals(2, ((List<?>) get("/v1/appliances/north-1").get("changes")).size());
  }

  @Test
  void drain_beforeARestart_isStillInForceAfterIt() throws Exception {
    start(H2);
    report(NORTH_1, NORTH_2);
    order(200, "/v1/appliances/north-1/drain", "");
    order(200, "/v1/appliances/north-2/retire", "");
    steering.close();
    start(H2);
    report(NORTH_1.boot("boot-2"), NORTH_2.boot("boot-2"));
    assertEquals(1, urls());
    assertEquals("retired", state("north-2"));
    assertEquals(
        409, send("POST", "/v1/appliances/north-2/undrain", "", "application/json").statusCode());
    order(200, "/v1/appliances/north-2/restore", "");
    assertEquals(2, urls());
  }

  @Test
  void orders_databaseAway_areInForceAndDecisionsGoOnUntilTheQueueIsFull() throws Exception {
    start(AWAY);
    report(NORTH_1, NORTH_2);
    assertEquals(3, urls());
    assertEquals("queued", order(202, "/v1/appliances/north-1/drain", "").get("kept"));
    assertEquals(2, urls());
    order(202, "/v1/appliances/north-2/drain", "");
    assertEquals(1, urls());
    assertEquals(
        503, send("POST", "/v1/appliances/north-1/undrain", "", "application/json").statusCode());
    assertEquals(1, urls());
    Map<?, ?> registry = (Map<?, ?>) get("/v1/registry").get("registry");
    assertEquals(2, registry.get("pending"));
    assertEquals(1, registry.get("refused"));
    await()
        .untilAsserted(
            () ->
                assertEquals(
                    false, ((Map<?, ?>) get("/v1/registry").get("registry")).get("connected")));
  }

  @Test
  void orders_databaseAwayAtTheStart_areThoseOfTheSavedFleet() throws Exception {
    String saved = "fleet: { file: %s/fleet }\n";
    start(saved + H2);
    report(NORTH_1, NORTH_2);
    order(200, "/v1/appliances/north-1/drain", "");
    steering.close();
    start(saved + AWAY);
    beat(NORTH_1);
    assertEquals("draining", state("north-1"));
    inventory(NORTH_1);
    inventory(NORTH_2);
    beat(NORTH_2);
    assertEquals(2, urls());
  }

  @Test
  void register_always_isIdempotentAndShownBeforeItIsHeard() throws Exception {
    start(H2);
    String body = "{\"appliance\":\"north-1\",\"site\":\"north\",\"endpoint\":\"127.0.0.11:8440\"}";
    assertEquals(201, register(steering.endpoint(), body).statusCode());
    assertEquals(200, register(steering.endpoint(), body).statusCode());
    assertEquals(200, register(steering.operatorsEndpoint().orElseThrow(), body).statusCode());
    assertEquals("expected", state("north-1"));
    beat(NORTH_1);
    assertEquals("serving", state("north-1"));
    assertEquals(1, ((List<?>) get("/v1/changes").get("changes")).size());
    assertEquals(400, register(steering.endpoint(), "{\"appliance\":\"north-1\"}").statusCode());
  }

  @Test
  void heartbeat_unregisteredWhereThatIsRequired_isRefusedAndOperatorsLetItIn() throws Exception {
    start("registry: { required: true }\n");
    assertEquals(422, heartbeat(NORTH_1).statusCode());
    String body = "{\"appliance\":\"north-1\",\"site\":\"north\",\"endpoint\":\"127.0.0.11:8440\"}";
    assertEquals(404, register(steering.endpoint(), body).statusCode(), "only operators may");
    assertEquals(201, register(steering.operatorsEndpoint().orElseThrow(), body).statusCode());
    assertEquals(200, heartbeat(NORTH_1).statusCode());
    Map<?, ?> counted = (Map<?, ?>) get("/v1/status").get("heartbeats");
    assertEquals(1, counted.get("unregistered"));
  }

  @Test
  void register_inAnothersName_isRefusedWhereAppliancesShowWhoTheyAre() throws Exception {
    Path token = Files.writeString(folder.resolve("shared"), "what-all-appliances-know\n");
    start("access: { appliances: { sharedToken: " + token + " } }\n");
    String body = "{\"appliance\":\"north-1\",\"site\":\"north\",\"endpoint\":\"127.0.0.11:8440\"}";
    assertEquals(401, register(steering.endpoint(), body).statusCode());
    assertEquals(201, register(steering.operatorsEndpoint().orElseThrow(), body).statusCode());
  }

  @Test
  void thaw_frozen_endsItAndIsLogged() throws Exception {
    start(H2);
    report(NORTH_1, NORTH_2);
    assertEquals(false, order(200, "/v1/thaw", "").get("changed"));
    for (int i = 0; i < 50; i++) {
      nanos.addAndGet(Duration.ofMillis(100).toNanos());
      steering.tick();
    }
    assertEquals(3, urls());
    assertEquals(true, order(200, "/v1/thaw", "{\"who\":\"ann\"}").get("changed"));
    assertEquals("silent", state("north-1"));
    Map<?, ?> change = (Map<?, ?>) ((List<?>) get("/v1/changes").get("changes")).getFirst();
    assertEquals("thaw", change.get("what"));
    assertEquals("ann", change.get("who"));
  }

  @Test
  void orders_onThePlayersListener_areNotThere() throws Exception {
    start(H2);
    report(NORTH_1);
    URI drain = steering.endpoint().http("v1/appliances/north-1/drain");
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(drain).POST(BodyPublishers.noBody()).build(),
            BodyHandlers.ofByteArray());
    assertEquals(404, answer.statusCode());
    assertEquals(2, urls());
  }

  @Test
  void orders_oddOnes_areToldTheRemedy() throws Exception {
    start(H2);
    assertEquals(404, post("/v1/appliances/nobody/drain", ""));
    assertEquals(404, post("/v1/appliances/north-1/explode", ""));
    assertEquals(404, post("/v1/appliances/north-1/drain/now", ""));
    assertEquals(400, post("/v1/appliances/NOT_A_NAME/drain", ""));
    assertEquals(400, post("/v1/appliances/north-1/drain", "{\"reason\":7"));
    report(NORTH_1);
    assertEquals(400, post("/v1/appliances/north-1/drain", "{\"reason\":\"a\\nb\"}"));
    assertEquals(
        400, post("/v1/appliances/north-1/drain", "{\"reason\":\"" + "x".repeat(501) + "\"}"));
    assertEquals(413, post("/v1/appliances/north-1/drain", " ".repeat(70_000)));
    assertEquals(400, send("GET", "/v1/changes?after=x", "", "text/plain").statusCode());
    assertEquals(404, send("GET", "/v1/appliances/nobody", "", "text/plain").statusCode());
    assertEquals("serving", state("north-1"));
  }

  @Test
  void operators_pageOfSomebodyElse_mayNotOrder() throws Exception {
    start(H2);
    report(NORTH_1);
    HttpRequest foreign =
        HttpRequest.newBuilder(operators("/v1/appliances/north-1/drain"))
            .header("Origin", "https://evil.example")
            .POST(BodyPublishers.noBody())
            .build();
    assertEquals(403, http.send(foreign, BodyHandlers.ofByteArray()).statusCode());
    assertEquals("serving", state("north-1"));
  }

  @Test
  void operators_tokenFile_isAskedForAndTheConsoleIsNot() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "a-secret-of-operators\n");
    start("", ", tokenFile: " + token);
    assertEquals(401, send("GET", "/v1/appliances", "", "text/plain").statusCode());
    assertEquals(200, send("GET", "/console/", "", "text/plain").statusCode());
    HttpRequest shown =
        HttpRequest.newBuilder(operators("/v1/appliances"))
            .header("Authorization", "Bearer a-secret-of-operators")
            .build();
    assertEquals(200, http.send(shown, BodyHandlers.ofByteArray()).statusCode());
  }

  @Test
  void explain_onTheOperatorsListener_takesAnyClient() throws Exception {
    start(H2);
    report(NORTH_1);
    Map<?, ?> told = get("/v1/explain?client=2001:db8::1&path=" + FILE);
    assertEquals("2001:db8::1", told.get("client"));
    assertFalse(((List<?>) told.get("candidates")).isEmpty());
  }

  private void start(String more) throws IOException, ConfigException {
    start(more, "");
  }

  private void start(String more, String operators) throws IOException, ConfigException {
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: %s
        sites:
          - { id: north, latitude: 53.55, longitude: 10.00 }
        networks:
          - { prefix: 127.0.0.0/24, site: north }
        origin: 127.0.0.10:8440
        publicUri: http://steer.example/
        operators: { listen: "127.0.0.1:0"%s }
        """
            .formatted(publisher.endpoint().http("catalog.json"), operators);
    steering =
        Steering.start(
            ConfigFile.parse(
                "steering.yaml",
                yaml + more.replace("%s", folder.toString()),
                SteeringConfig.class),
            InstantSource.fixed(Instant.EPOCH),
            nanos::get,
            7);
  }

  private void report(Beats... all) throws IOException, InterruptedException {
    for (Beats one : all) {
      beat(one);
      inventory(one);
    }
  }

  private void inventory(Beats beats) throws IOException, InterruptedException {
    Inventory held =
        new Inventory(
            new ApplianceId(beats.id()), beats.boot(), 1, List.of(ContentId.ofPath(FILE)));
    assertTrue(player("/v1/inventories", held).statusCode() < 300);
  }

  private void beat(Beats beats) throws IOException, InterruptedException {
    assertEquals(200, heartbeat(beats).statusCode());
  }

  private HttpResponse<byte[]> heartbeat(Beats beats) throws IOException, InterruptedException {
    Heartbeat beat = beats.beat(++sequence, 1);
    return player("/v1/heartbeats", beat);
  }

  private HttpResponse<byte[]> player(String path, Object message)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + steering.endpoint() + path))
            .POST(BodyPublishers.ofByteArray(Wire.write(message)))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> register(Endpoint at, String body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + at + "/v1/appliances"))
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private int urls() throws IOException, InterruptedException {
    HttpRequest asked =
        HttpRequest.newBuilder(
                URI.create("http://" + steering.endpoint() + "/v1/steer?path=" + FILE))
            .build();
    return ((List<?>) json(http.send(asked, BodyHandlers.ofByteArray())).get("urls")).size();
  }

  private String reason(String appliance) throws IOException, InterruptedException {
    return ((List<?>) get("/v1/explain?path=" + FILE).get("candidates"))
        .stream()
            .map(line -> (Map<?, ?>) line)
            .filter(line -> appliance.equals(line.get("appliance")))
            .map(line -> String.valueOf(line.get("reason")))
            .findFirst()
            .orElse("");
  }

  private String state(String appliance) throws IOException, InterruptedException {
    return String.valueOf(
        ((Map<?, ?>) get("/v1/appliances/" + appliance).get("appliance")).get("state"));
  }

  private Map<?, ?> order(int status, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = send("POST", path, body, "application/json");
    assertEquals(status, answer.statusCode(), path);
    return json(answer);
  }

  private int post(String path, String body) throws IOException, InterruptedException {
    return send("POST", path, body, "application/json").statusCode();
  }

  private Map<?, ?> get(String path) throws IOException, InterruptedException {
    return json(send("GET", path, "", "text/plain"));
  }

  private HttpResponse<byte[]> send(String method, String path, String body, String type)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(operators(path))
            .header("Content-Type", type)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private URI operators(String path) {
    return URI.create("http://" + steering.operatorsEndpoint().orElseThrow() + path);
  }

  private static Map<?, ?> json(HttpResponse<byte[]> answer) throws IOException {
    return Wire.read(answer.body(), Map.class);
  }
}
