package oca.steering;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.InventoryDigest;
import oca.protocol.Wire;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.steering.OpenApiDocument.Operation;
import oca.steering.fleet.Beats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI document against the routes of both listeners and what they answer. */
class OpenApiTest {
  private static final String FILE = "titles/harbour/v0.mp4";
  private static final Beats NORTH_1 = Beats.of("north-1", "north", "127.0.0.11");
  private static final Beats SOUTH_1 = Beats.of("south-1", "south", "127.0.0.21");
  private static final String TOKEN = "what-all-appliances-know";
  private static final String REGISTRATION =
      "{\"appliance\":\"north-9\",\"site\":\"north\",\"endpoint\":\"127.0.0.19:8440\"}";

  @TempDir Path folder;
  private final AtomicLong nanos = new AtomicLong();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final OpenApiDocument document = document();
  private ControlListener publisher;
  private Steering steering;
  private long sequence;

  OpenApiTest() throws IOException {}

  @BeforeEach
  void publish() throws IOException {
    CatalogEntry entry =
        new CatalogEntry(FILE, "harbour", 9, "ab".repeat(32), "video/mp4", Instant.EPOCH);
    publisher =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog.json", _ -> Response.message(new Catalog("7", List.of(entry))));
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
  void document_ofBothListeners_namesEachRouteAndNoOther() throws Exception {
    start("");
    assertEquals(withoutOptions(steering.routes()), document.routes("service"));
    assertEquals(withoutOptions(steering.operatorsRoutes()), document.routes("operators"));
  }

  @Test
  void document_itself_isWhole() {
    assertEquals("3.1.0", document.root().get("openapi"));
    assertReferences(document.root());
    Set<String> ids = new HashSet<>();
    Set<Object> tags =
        ((List<?>) document.root().get("tags"))
            .stream().map(tag -> OpenApiDocument.map(tag).get("name")).collect(Collectors.toSet());
    Map<?, ?> schemes =
        OpenApiDocument.map(
            OpenApiDocument.map(document.root().get("components")).get("securitySchemes"));
    for (Operation operation : document.operations()) {
      String at = operation.method() + " " + operation.path();
      Map<?, ?> what = operation.what();
      assertTrue(Set.of("service", "operators", "both").contains(operation.listener()), at);
      assertTrue(what.get("summary") instanceof String said && !said.isBlank(), at);
      assertTrue(ids.add(String.valueOf(what.get("operationId"))), at + ": its id is taken");
      assertTrue(tags.containsAll((List<?>) what.get("tags")), at);
      assertTrue(
          OpenApiDocument.map(what.get("responses")).keySet().stream()
              .anyMatch(status -> String.valueOf(status).matches("[23]\\d\\d")),
          at + " has no response that is none of an error");
      if (what.get("security") instanceof List<?> ways) {
        ways.forEach(way -> assertTrue(schemes.keySet().containsAll(((Map<?, ?>) way).keySet())));
      }
      assertEquals(named(operation.path()), parameters(what), at);
    }
  }

  @Test
  void document_onBothListeners_isServed() throws Exception {
    start("");
    for (Endpoint at : List.of(steering.endpoint(), operators())) {
      HttpResponse<byte[]> answer = send(at, "GET", OpenApi.PATH, new byte[0]);
      assertEquals(200, answer.statusCode());
      assertEquals(OpenApi.MEDIA_TYPE, answer.headers().firstValue("Content-Type").orElse(""));
      assertEquals(document.root(), Wire.read(answer.body(), Map.class));
    }
  }

  @Test
  void answers_toPlayers_areAsDocumented() throws Exception {
    start("");
    report(NORTH_1);
    report(SOUTH_1);
    service(200, "/v1/steer?path=" + FILE);
    service(200, "/v1/playback?path=" + FILE);
    service(302, "/v1/playback?redirect=1&path=" + FILE);
    service(400, "/v1/playback?path=a/../b");
    service(200, "/v1/playback/harbour");
    service(404, "/v1/playback/nothing");
    service(422, "/v1/playback/harbour?redirect=1");
    service(302, "/v1/redirect/" + FILE);
    service(400, "/v1/redirect/a/../b");
    service(200, "/v1/hls/harbour");
    service(200, "/v1/hls/a/b/c");
    service(200, "/v1/dash/harbour?_DASH_pathway=north-1");
    post(204, "/v1/cmcd", "{\"bs\":true}".getBytes(UTF_8));
  }

  @Test
  void answers_toAppliances_areAsDocumented() throws Exception {
    start("");
    report(NORTH_1);
    post(200, "/v1/heartbeats", Wire.write(NORTH_1.beat(++sequence, 2)));
    post(400, "/v1/heartbeats", "{}".getBytes(UTF_8));
    post(422, "/v1/heartbeats", Wire.write(NORTH_1.beat(0, 1)));
    InventoryDelta delta =
        new InventoryDelta(new ApplianceId("north-1"), "boot-1", 1, 2, List.of(), List.of());
    post(204, "/v1/inventory-deltas", Wire.write(delta));
    post(400, "/v1/inventory-deltas", "{".getBytes(UTF_8));
    post(400, "/v1/inventories", "{}".getBytes(UTF_8));
    post(201, "/v1/appliances", REGISTRATION.getBytes(UTF_8));
    post(200, "/v1/appliances", REGISTRATION.getBytes(UTF_8));
    post(400, "/v1/appliances", "{}".getBytes(UTF_8));
  }

  @Test
  void answers_toStrangers_areAsDocumented() throws Exception {
    Path token = Files.writeString(folder.resolve("shared"), TOKEN + "\n");
    start("access: { appliances: { sharedToken: " + token + " } }\n");
    post(401, "/v1/heartbeats", Wire.write(NORTH_1.beat(++sequence, 1)));
    post(401, "/v1/appliances", REGISTRATION.getBytes(UTF_8));
    service(401, "/v1/snapshot");
  }

  @Test
  void answers_toOtherNodes_areAsDocumented() throws Exception {
    start("replica: {}\n");
    report(NORTH_1);
    service(503, "/v1/snapshot");
    pass(Duration.ofSeconds(5));
    service(200, "/v1/snapshot");
  }

  @Test
  void answers_toOperators_areAsDocumented() throws Exception {
    start("");
    ask(operators(), "POST", 201, "/v1/appliances", REGISTRATION.getBytes(UTF_8));
    report(NORTH_1);
    for (String path :
        List.of(
            "/v1/appliances",
            "/v1/appliances/north-1",
            "/v1/appliances/north-9",
            "/v1/changes",
            "/v1/registry",
            "/console/",
            "/console/main.js")) {
      ask(operators(), "GET", 200, path, new byte[0]);
    }
    byte[] why = "{\"reason\":\"new disks\"}".getBytes(UTF_8);
    ask(operators(), "POST", 200, "/v1/appliances/north-1/drain", why);
    ask(operators(), "POST", 200, "/v1/appliances/north-1/retire", new byte[0]);
    ask(operators(), "POST", 409, "/v1/appliances/north-1/drain", new byte[0]);
    ask(operators(), "POST", 404, "/v1/appliances/nobody/drain", new byte[0]);
    ask(operators(), "POST", 400, "/v1/appliances/north-1/drain", "{".getBytes(UTF_8));
    ask(operators(), "POST", 413, "/v1/thaw", " ".repeat(70_000).getBytes(UTF_8));
    ask(operators(), "POST", 200, "/v1/thaw", new byte[0]);
    ask(operators(), "GET", 200, "/v1/appliances/north-1", new byte[0]);
    ask(operators(), "GET", 404, "/v1/appliances/nobody", new byte[0]);
    ask(operators(), "GET", 200, "/v1/changes?after=1", new byte[0]);
    ask(operators(), "GET", 400, "/v1/changes?after=x", new byte[0]);
    ask(operators(), "GET", 302, "/", new byte[0]);
    ask(operators(), "GET", 302, "/console", new byte[0]);
    ask(operators(), "GET", 404, "/console/nothing", new byte[0]);
  }

  @Test
  void answers_onBothListeners_areAsDocumented() throws Exception {
    start("");
    report(NORTH_1);
    report(SOUTH_1);
    for (Endpoint at : List.of(steering.endpoint(), operators())) {
      for (String path :
          List.of(
              "/v1/explain?title=harbour",
              "/v1/explain?path=" + FILE,
              "/v1/fleet",
              "/v1/status",
              "/metrics",
              "/v1/openapi.json",
              "/v1/routes?address=127.0.0.7",
              "/v1/routes?prefix=127.0.0.0/8",
              "/v1/routes/views",
              "/v1/routes/check?prefix=127.0.0.0/16")) {
        ask(at, "GET", 200, path, new byte[0]);
      }
      ask(at, "GET", 400, "/v1/explain", new byte[0]);
      ask(at, "GET", 400, "/v1/routes", new byte[0]);
      ask(at, "GET", 400, "/v1/routes/views?limit=0", new byte[0]);
      ask(at, "GET", 400, "/v1/routes/check", new byte[0]);
      ask(at, "GET", 503, "/v1/ready", new byte[0]);
    }
    service(503, "/readyz");
    service(404, "/v1/snapshot");
    service(200, "/livez");
    post(204, "/v1/reload", new byte[0]);
    pass(Duration.ofSeconds(5));
    service(204, "/readyz");
    ask(operators(), "GET", 204, "/v1/ready", new byte[0]);
  }

  @Test
  void events_first_isAsDocumented() throws Exception {
    start("");
    report(NORTH_1);
    post(201, "/v1/appliances", REGISTRATION.getBytes(UTF_8));
    HttpResponse<InputStream> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://" + operators() + "/v1/events")).build(),
            BodyHandlers.ofInputStream());
    assertEquals("text/event-stream", answer.headers().firstValue("Content-Type").orElse(""));
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
      String line = lines.readLine();
      while (line != null && !line.startsWith("data:")) {
        line = lines.readLine();
      }
      String data = String.valueOf(line).substring("data:".length());
      assertTrue(data.contains("north-9"), data);
      assertSchema("FleetEvent", data.getBytes(UTF_8));
    }
  }

  @Test
  void messages_asWritten_areAsDocumented() throws Exception {
    Heartbeat plain = NORTH_1.beat(1, 1);
    Heartbeat full =
        new Heartbeat(
            plain.appliance(),
            plain.site(),
            plain.endpoint(),
            plain.bootId(),
            plain.sequence(),
            plain.sent(),
            plain.health().with("a disk hangs"),
            1,
            1,
            1,
            InventoryDigest.of(List.of(ContentId.ofPath(FILE))),
            List.of(ContentId.ofPath(FILE)),
            5L);
    assertSchema("Heartbeat", plain);
    assertSchema("Heartbeat", full);
    assertSchema("HeartbeatReply", new HeartbeatReply(true, 7L).withOrders());
    assertSchema("Inventory", inventory(NORTH_1));
    assertSchema(
        "InventoryDelta",
        new InventoryDelta(
            plain.appliance(), "b", 1, 2, List.of(ContentId.ofPath(FILE)), List.of()));
  }

  @Test
  void validator_whatIsNotDocumented_isAFault() {
    Object reply = Map.of("$ref", "#/components/schemas/HeartbeatReply");
    assertEquals(List.of(), document.faults(reply, Map.of("inventoryWanted", true), "$"));
    for (Map<String, Object> bad :
        List.<Map<String, Object>>of(
            Map.of(),
            Map.of("inventoryWanted", "yes"),
            Map.of("inventoryWanted", true, "deltaFrom", 1.5),
            Map.of("inventoryWanted", true, "more", 1))) {
      assertEquals(1, document.faults(reply, bad, "$").size(), bad.toString());
    }
    Object row = Map.of("$ref", "#/components/schemas/ContentId");
    assertFalse(document.faults(row, "no digest", "$").isEmpty());
  }

  private void start(String more) throws IOException, ConfigException {
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: %s
        catalogInterval: 10ms
        sites:
          - { id: north, latitude: 53.55, longitude: 10.00 }
          - { id: south, latitude: 48.14, longitude: 11.58 }
        networks:
          - { prefix: 127.0.0.0/24, site: north }
          - { prefix: 127.0.0.0/26, site: south }
        origin: 127.0.0.10:8440
        publicUri: http://steer.example/
        operators: { listen: "127.0.0.1:0" }
        """
            .formatted(publisher.endpoint().http("catalog.json"));
    steering =
        Steering.start(
            ConfigFile.parse("steering.yaml", yaml + more, SteeringConfig.class),
            InstantSource.fixed(Instant.EPOCH),
            nanos::get,
            7);
    await()
        .until(
            () -> {
              byte[] status = send(steering.endpoint(), "GET", "/v1/status", new byte[0]).body();
              Object catalog = Wire.read(status, Map.class).get("catalog");
              return "7".equals(OpenApiDocument.map(catalog).get("version"));
            });
  }

  private void report(Beats beats) throws Exception {
    post(200, "/v1/heartbeats", Wire.write(beats.beat(++sequence, 1)));
    post(204, "/v1/inventories", Wire.write(inventory(beats)));
  }

  private static Inventory inventory(Beats beats) {
    return new Inventory(
        new ApplianceId(beats.id()), beats.boot(), 1, List.of(ContentId.ofPath(FILE)));
  }

  /** Time in which steering runs: its watchdog looks every hundred milliseconds. */
  private void pass(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 100) {
      nanos.addAndGet(Duration.ofMillis(100).toNanos());
      steering.tick();
    }
  }

  private void service(int status, String path) throws Exception {
    ask(steering.endpoint(), "GET", status, path, new byte[0]);
  }

  private void post(int status, String path, byte[] body) throws Exception {
    ask(steering.endpoint(), "POST", status, path, body);
  }

  /** Asks, and holds status, media type and body to the document. */
  private void ask(Endpoint at, String method, int status, String path, byte[] body)
      throws Exception {
    HttpResponse<byte[]> answer = send(at, method, path, body);
    String text = new String(answer.body(), UTF_8);
    String asked = method + " " + path;
    assertEquals(status, answer.statusCode(), asked + ": " + text);
    String listener = at.equals(steering.endpoint()) ? "service" : "operators";
    Operation operation =
        document
            .find(listener, method, URI.create(path).getPath())
            .orElseThrow(() -> new AssertionError(asked + " is not documented"));
    Map<?, ?> responses = OpenApiDocument.map(operation.what().get("responses"));
    Object response =
        OpenApiDocument.there(
            responses.get(String.valueOf(status)), asked + " does not document " + status);
    Map<?, ?> content = OpenApiDocument.map(document.resolved(response).get("content"));
    if (content.isEmpty()) {
      assertEquals("", text, asked + " documents no body");
      return;
    }
    String type = answer.headers().firstValue("Content-Type").orElse("");
    assertTrue(content.containsKey(type), asked + " does not document " + type);
    if (type.contains("json") || type.endsWith("steering-list")) {
      Object schema =
          OpenApiDocument.there(OpenApiDocument.map(content.get(type)).get("schema"), asked);
      assertEquals(List.of(), document.faults(schema, Wire.read(answer.body(), Map.class), asked));
    }
  }

  private void assertSchema(String name, Object message) throws IOException {
    assertSchema(name, Wire.write(message));
  }

  private void assertSchema(String name, byte[] json) throws IOException {
    Object schema = Map.of("$ref", "#/components/schemas/" + name);
    assertEquals(List.of(), document.faults(schema, Wire.read(json, Map.class), name));
  }

  private HttpResponse<byte[]> send(Endpoint at, String method, String path, byte[] body)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + at + path))
            .method(
                method,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private Endpoint operators() {
    return steering.operatorsEndpoint().orElseThrow();
  }

  private void assertReferences(Object part) {
    if (part instanceof Map<?, ?> map) {
      assertFalse(document.resolved(map).isEmpty() && map.containsKey("$ref"), "an empty target");
      map.values().forEach(this::assertReferences);
    } else if (part instanceof List<?> list) {
      list.forEach(this::assertReferences);
    }
  }

  /** Names in braces. */
  private static Set<String> named(String path) {
    Set<String> names = new TreeSet<>();
    for (String part : path.split("/", -1)) {
      if (part.startsWith("{")) {
        names.add(part.substring(1, part.length() - 1));
      }
    }
    return names;
  }

  private Set<String> parameters(Map<?, ?> operation) {
    Set<String> names = new TreeSet<>();
    if (operation.get("parameters") instanceof List<?> list) {
      for (Object one : list) {
        Map<?, ?> parameter = document.resolved(one);
        if ("path".equals(parameter.get("in"))) {
          names.add(String.valueOf(parameter.get("name")));
        }
      }
    }
    return names;
  }

  private static Set<String> withoutOptions(Set<String> routes) {
    return routes.stream()
        .filter(route -> !route.startsWith("OPTIONS "))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static OpenApiDocument document() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(OpenApi.class.getResourceAsStream("openapi.json"))) {
      return new OpenApiDocument(Wire.read(in.readAllBytes(), Map.class));
    }
  }
}
