package oca.operate;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.Json;
import oca.protocol.flight.Flight;
import oca.protocol.flight.FlightEndpoint.Flights;
import oca.protocol.flight.FlightStatus;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.PlainClient;
import oca.protocol.http.Response;
import oca.server.admin.AdminListener;
import oca.server.admin.ApplianceStatus;
import oca.server.admin.Operations;
import oca.steering.Steering;
import oca.steering.SteeringConfig;

/**
 * An appliance's real admin listener over a status that the test sets, a real steering service with
 * three appliances, and a controller's answers; and a time that passes when somebody waits.
 */
final class Stage implements AutoCloseable, Operations, Watch {
  static final String FILE = "harbour/v0.mp4";
  private static final Instant THEN = Instant.parse("2026-11-10T20:00:00Z");

  final Path socket;
  final Map<String, Disk> disks = new LinkedHashMap<>();
  final List<String> orders = new ArrayList<>();
  boolean draining;

  /** What the appliance says of its flight recordings. */
  Flights flights =
      new Flights(
          new FlightStatus(true, "", Map.of("first-byte", 1L), 0, 0, 0),
          "/var/log/oca-server/flights",
          300,
          64 << 20,
          List.of(
              new Flight(
                  "20261110T200000Z-first-byte.jfr",
                  "/var/log/oca-server/flights/20261110T200000Z-first-byte.jfr",
                  THEN,
                  "first-byte",
                  7_340_032)));

  int connections = 1234;
  long looks;

  /** Called at each wait with how often there was one. */
  IntConsumer onPause = _ -> {};

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final AdminListener admin;
  private final Steering steering;
  private final ControlListener publisher;
  private final ControlListener controller;
  private long nanos;
  private int pauses;

  /** One disk. */
  record Disk(String state, long used, long files, long errors) {
    Disk with(String other) {
      return new Disk(other, used, files, errors);
    }
  }

  Stage(Path folder) throws Exception {
    socket = folder.resolve("admin.sock");
    disks.put("/srv/oca/disk1", new Disk("in-service", 5_100_000_000_000L, 51_234, 0));
    disks.put("/srv/oca/disk2", new Disk("out-of-service", 0, 0, 16));
    admin =
        AdminListener.open(
            new Endpoint("127.0.0.1", 0),
            Optional.of(socket),
            this::status,
            this,
            it ->
                it.route("GET", "/v1/flights", _ -> Response.message(flights))
                    .route("POST", "/v1/flights", _ -> Response.message(flights.flights().get(0))));
    opened.push(admin);
    publisher = listener("/catalog", Response.message(new Catalog("7", List.of(entry(), other()))));
    controller = listener("/v1/status", Response.text("application/json", CONTROLLER));
    steering = Steering.start(ConfigFile.parse("steering.yaml", steering(), SteeringConfig.class));
    opened.push(steering);
    try (ControlClient client = new ControlClient(Duration.ofSeconds(20))) {
      report(client, "north-1", "north", "127.0.0.11", 100, true);
      report(client, "north-2", "north", "127.0.0.12", 1000, true);
      report(client, "south-1", "south", "127.0.0.21", 300, false);
    }
    Door door = new Door(new PlainClient(steeringUrl(), Duration.ofSeconds(20), Optional.empty()));
    await().until(() -> isSettled(door.get("/v1/status")));
  }

  private static boolean isSettled(Json status) {
    return status.at("ready").isTrue()
        && status.at("catalog", "titles").number() == 2
        && status.at("fleet", "of").number() == 3;
  }

  private ControlListener listener(String path, Response answer) throws IOException {
    ControlListener listener =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", path, _ -> answer);
    listener.start();
    opened.push(listener);
    return listener;
  }

  private static CatalogEntry entry() {
    return new CatalogEntry(FILE, "harbour", 1 << 20, "ab".repeat(32), "video/mp4", THEN);
  }

  private static CatalogEntry other() {
    return new CatalogEntry("quay/v0.mp4", "quay", 1 << 20, "cd".repeat(32), "video/mp4", THEN);
  }

  private String steering() {
    return """
    listen: 127.0.0.1:0
    publicUri: "http://steer.example"
    catalog: "%s"
    catalogInterval: 50ms
    origin: "origin.example:80"
    lease: 1h
    fleet: { suspect: 30min, forget: 1d, startWait: 0s }
    registry: { file: "%s" }
    operators: { listen: "127.0.0.1:0" }
    sites:
      - { id: north, latitude: 53.55, longitude: 9.99 }
      - { id: south, latitude: 48.14, longitude: 11.58 }
    networks:
      - { prefix: "198.51.100.0/24", site: north }
      - { prefix: "203.0.113.0/24", site: south }
    """
        .formatted(
            publisher.endpoint().http("catalog"), socket.resolveSibling("registry").toString());
  }

  private void report(
      ControlClient client, String id, String site, String host, int open, boolean holds)
      throws IOException {
    ApplianceId name = new ApplianceId(id);
    client.post(
        steering.endpoint().http("v1/heartbeats"),
        new Heartbeat(
            name,
            new SiteId(site),
            new Endpoint(host, 80),
            "boot",
            1,
            THEN,
            new Health(false, open, 1000, 0, 1_000_000_000),
            1 << 30,
            0,
            1));
    client.post(
        steering.endpoint().http("v1/inventories"),
        new Inventory(name, "boot", 1, holds ? List.of(ContentId.ofPath(FILE)) : List.of()));
  }

  private static final String CONTROLLER =
      """
      {"plan":{"day":3,"timeOfDay":"21:10:00","windowOpen":false,
        "windowOpens":"02:00","windowCloses":"14:00","madeAt":"2026-11-10T02:00:13Z","problem":""},
       "catalog":{"version":"7","files":2400,"titles":120,"bytes":2520000000000,"problem":""},
       "calendar":{"problem":""},
       "appliances":[
        {"id":"north-1","alive":true,"plannedFiles":900,"heldOfPlanned":880},
        {"id":"south-1","alive":false,"plannedFiles":700,"heldOfPlanned":700}],
       "fill":{"files":4100,"failed":3,"bytes":4200000000000,"peerBytes":3100000000000},
       "plans":{"applied":41,"newest":41,"alert":""}}
      """;

  String adminUrl() {
    return "http://" + admin.endpoint();
  }

  String steeringUrl() {
    return "http://" + steering.operatorsEndpoint().orElseThrow();
  }

  String controllerUrl() {
    return "http://" + controller.endpoint();
  }

  /** What a command printed and how it ended. */
  record Told(int status, String out, String err) {
    String all() {
      return out + err;
    }
  }

  /** Runs one command, whose time is this stage's, with nobody at a terminal. */
  static Told run(Object command, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        new picocli.CommandLine(command)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(
                (e, at, _) -> {
                  at.getErr().println(e.getMessage());
                  return e instanceof oca.protocol.http.UnreachedException ? 3 : 1;
                })
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new Told(status, out.toString(), err.toString());
  }

  @Override
  public long getAsLong() {
    return nanos;
  }

  @Override
  public void pause(Duration time) {
    nanos += time.toNanos();
    onPause.accept(++pauses);
  }

  @Override
  public void close() {
    for (AutoCloseable one : opened) {
      try {
        one.close();
      } catch (Exception e) {
        throw new AssertionError("closing " + one.getClass().getSimpleName(), e);
      }
    }
  }

  @Override
  public void drain(boolean on) {
    draining = on;
    orders.add(on ? "drain" : "undrain");
  }

  @Override
  public void reload() {}

  @Override
  public void addVolume(NewVolume volume) throws IOException {
    orders.add("add " + volume.path() + " " + volume.capacityBytes() + " " + volume.reserveBytes());
    if (volume.path().contains("bad")) {
      throw new RefusedException("it belongs to another store", new IOException("other"));
    }
    disks.put(volume.path(), new Disk("in-service", 0, 0, 0));
  }

  @Override
  public boolean drainVolume(String path, boolean on) {
    orders.add((on ? "drain " : "undrain ") + path);
    return disks.computeIfPresent(path, (_, it) -> it.with(on ? "draining" : "in-service")) != null;
  }

  @Override
  public boolean detachVolume(String path) {
    orders.add("detach " + path);
    return disks.computeIfPresent(path, (_, it) -> new Disk("out-of-service", 0, 0, it.errors()))
        != null;
  }

  @Override
  public Purged purge(Map<String, String> order) {
    orders.add("purge " + order);
    return new Purged(7, 1234, 5_000_000);
  }

  @Override
  public void version(EventVersion version) {
    orders.add("version " + version);
  }

  @Override
  public List<Scrub> scrubs() {
    return List.of(
        new Scrub("/srv/oca/disk1", true, 3, 1_800_000_000, 7, 70, .254, 0, Map.of(), 0));
  }

  private ApplianceStatus status() {
    long n = looks++;
    return new ApplianceStatus(
        new ApplianceId("north-1"),
        new SiteId("north"),
        new Endpoint("cache1.north.example", 80),
        "boot",
        draining ? ApplianceStatus.DRAINING : ApplianceStatus.SERVING,
        "io_uring",
        connections,
        10_000,
        1_000_000 + 6700 * n,
        80_000_000_000_000L + 1_200_000_000L * n,
        Map.of(
            "whole", 1000 + 100 * n,
            "part", 990_000 + 6500 * n,
            "not-here", 8900 + 90 * n,
            "busy", 100 + 10 * n),
        store(),
        fill(n),
        4_000_000_000L + 90_000_000 * n,
        123,
        41,
        0,
        2,
        7,
        serving(n),
        new ApplianceStatus.Edge(
            Map.of(),
            Map.of(),
            Map.of(),
            100 * n,
            90_000_000 * n,
            40 * n,
            480_000 * n,
            0,
            0,
            0,
            3,
            90L * 86_400,
            0,
            0),
        new ApplianceStatus.Records(0, List.of(), 0, 0, 0, 0),
        new ApplianceStatus.Engine(
            4, 1000, 4000, 0, List.of(480_000 * n, 950_000 * n, 20_000 * n, 0L)),
        ApplianceStatus.Pull.NONE,
        new ApplianceStatus.Run("0.1.0", 4711, 273_600),
        new FlightStatus(true, "", Map.of("first-byte", 1L), 0, 0, 0));
  }

  private ApplianceStatus.Store store() {
    List<ApplianceStatus.Volume> volumes =
        disks.entrySet().stream().map(it -> volume(it.getKey(), it.getValue())).toList();
    return new ApplianceStatus.Store(
        51_234, 5_100_000_000_000L, 7_000_000_000_000L, 3, false, 8, volumes);
  }

  private static ApplianceStatus.Volume volume(String path, Disk disk) {
    return new ApplianceStatus.Volume(
        path,
        disk.state(),
        !disk.state().equals("out-of-service"),
        7_000_000_000_000L,
        disk.used(),
        7_000_000_000_000L - disk.used(),
        disk.files(),
        disk.errors(),
        0,
        0);
  }

  private static ApplianceStatus.Fill fill(long n) {
    return new ApplianceStatus.Fill(
        true,
        120,
        3,
        7000 + 2 * n,
        2,
        5,
        0,
        3_000_000_000L + 70_000_000 * n,
        1_000_000_000L + 20_000_000 * n,
        0,
        0,
        0,
        0,
        0,
        new ApplianceStatus.Flow(Map.of(), 0, 0, 0, 0, 0, 0, 0, 0, 1, false, 0, 0));
  }

  private static ApplianceStatus.Serving serving(long n) {
    return new ApplianceStatus.Serving(
        2 * n,
        0,
        0,
        0,
        0,
        0,
        new ApplianceStatus.Times(
            List.of(250L, 1000L, 25_000L), List.of(5000 * n, 1000 * n, 650 * n, 10 * n), 900),
        new ApplianceStatus.Times(
            List.of(250L, 1000L, 25_000L), List.of(6000 * n, 500 * n, 100 * n, 0L), 400));
  }
}
