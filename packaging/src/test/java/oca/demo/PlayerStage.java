package oca.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.origin.Publisher;
import oca.protocol.Catalog;
import oca.protocol.FillManifest;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.protocol.token.TokenMint;
import oca.steering.Steering;
import oca.steering.SteeringConfig;

/**
 * What a stock player needs around it: an origin and three appliances as processes of their own,
 * which all want tokens; a fill controller that has but one plan; steering, behind a front that can
 * be told to fail; and a page.
 */
final class PlayerStage implements AutoCloseable {
  static final String TITLE = "aurora";
  static final Duration TTL = Duration.ofSeconds(3);

  /** What steering tells those whom it has no time for. */
  static final Duration SHED_TTL = Duration.ofSeconds(7);

  static final Duration HEARTBEAT = Duration.ofMillis(500);

  /** As many as an answer names, so that each playlist names all. */
  static final List<String> APPLIANCES = List.of("127.0.0.3", "127.0.0.4", "127.0.0.5");

  private static final int PORT = 9470;
  private static final Endpoint PAGE = new Endpoint("127.0.0.1", PORT);
  private static final Endpoint ORIGIN = new Endpoint("127.0.0.2", PORT);
  private static final Endpoint ORIGIN_ADMIN = new Endpoint("127.0.0.2", PORT + 1);
  private static final Endpoint FRONT = new Endpoint("127.0.0.1", PORT + 2);
  private static final Endpoint CONTROLLER = new Endpoint("127.0.0.1", PORT + 3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MANIFESTS_PER_SECOND = 50;
  private static final int FLOODERS = 4;
  private static final byte[] SECRET =
      "only for tests, and 32 bytes long".getBytes(StandardCharsets.UTF_8);

  private final Path home;
  private final Path work;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Map<String, ChildProcess> appliances = new ConcurrentHashMap<>();
  private final ControlClient control = new ControlClient(Duration.ofSeconds(5));
  private final String token;
  private final Path title;
  private final Catalog catalog;
  private final SteeringFront front;

  /**
   * Starts everything, and returns when each appliance has the title.
   *
   * @param home the folder of the packaging module
   * @param minutes how long the title is
   */
  PlayerStage(Path home, Path work, int minutes) throws IOException, ConfigException {
    this.home = home;
    this.work = work;
    this.token =
        new TokenMint("summer", SECRET)
            .forFolder(
                "titles/" + TITLE,
                Instant.now().plus(Duration.ofHours(6)).getEpochSecond(),
                Optional.empty());
    Path published = work.resolve("published");
    this.title = published.resolve("titles").resolve(TITLE);
    try {
      LongTitle.write(home.resolve("demo").resolve("media").resolve(TITLE), title, minutes);
      this.catalog = Publisher.publish(published, Publisher.BLOCK_SIZE);
      Path keys = keys();
      startOrigin(published, keys);
      listener(CONTROLLER).route("GET", "/v1/manifests/", this::manifest).start();
      Steering steering = Steering.start(steering(keys));
      parts.push(steering);
      this.front = new SteeringFront(FRONT, steering.endpoint(), TTL);
      parts.push(front);
      for (String host : APPLIANCES) {
        startAppliance(host);
      }
      listener(PAGE).route("GET", "/", this::file).route("GET", "/play/", this::playlist).start();
      awaitFit(APPLIANCES);
    } catch (IOException | ConfigException | RuntimeException e) {
      close();
      throw e;
    }
  }

  static URI page(String player) {
    return PAGE.http("?player=" + player);
  }

  /** What stands between players and steering. */
  SteeringFront front() {
    return front;
  }

  /** SIGKILL. */
  void kill(String host) throws IOException {
    process(host).kill();
    Set<String> others = new HashSet<>(appliances.keySet());
    others.remove(host);
    for (String other : others) {
      if (!process(other).isAlive()) {
        throw new IOException("the end of " + host + " was also that of " + other);
      }
    }
  }

  /** Asks them for no new viewers. */
  void drain(Collection<String> hosts) throws IOException {
    for (String host : hosts) {
      control.post(new Endpoint(host, PORT + 1).http("v1/drain"), Map.of());
    }
  }

  /** Asks them for viewers again, those that are dead after a start; returns when they are fit. */
  void restore(Collection<String> hosts) throws IOException {
    for (String host : hosts) {
      if (process(host).isAlive()) {
        control.post(new Endpoint(host, PORT + 1).http("v1/undrain"), Map.of());
      } else {
        startAppliance(host);
      }
    }
    awaitFit(hosts);
  }

  /** Until steering would send viewers of the title to these, and to no other. */
  void awaitOnly(Collection<String> hosts) throws IOException {
    await(fit -> fit.equals(Set.copyOf(hosts)), "only " + hosts + " to be fit");
  }

  private void awaitFit(Collection<String> hosts) throws IOException {
    await(fit -> fit.containsAll(hosts), hosts + " to be fit");
  }

  private void await(Predicate<Set<String>> condition, String what) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String last = "";
    while (System.nanoTime() < deadline) {
      for (ChildProcess process : appliances.values()) {
        if (!process.isAlive()) {
          throw new IOException(process.name() + " ended: " + process.lastWords());
        }
      }
      try {
        Map<?, ?> answer = control.get(FRONT.http("v1/explain?title=" + TITLE), Map.class);
        last = String.valueOf(answer);
        if (condition.test(fit(answer))) {
          return;
        }
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
      }
      LockSupport.parkNanos(100_000_000);
    }
    throw new IOException("waited " + PATIENCE + " for " + what + ": " + last);
  }

  /** The hosts in the answer, and those which only its length keeps out. */
  private static Set<String> fit(Map<?, ?> explanation) {
    Set<String> fit = new HashSet<>();
    if (explanation.get("candidates") instanceof List<?> candidates) {
      for (Object each : candidates) {
        if (each instanceof Map<?, ?> candidate
            && Set.of("chosen", "beyond limit").contains(candidate.get("reason"))) {
          fit.add(String.valueOf(candidate.get("endpoint")).replaceAll(":\\d+$", ""));
        }
      }
    }
    return fit;
  }

  /** Asks steering for manifests far oftener than it decides any, until they are interrupted. */
  List<Thread> flood() {
    return Stream.generate(() -> Thread.ofVirtual().start(this::askOverAndOver))
        .limit(FLOODERS)
        .toList();
  }

  private void askOverAndOver() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        control.get(FRONT.http("v1/hls/" + TITLE), Map.class);
      } catch (IOException e) {
        // Too slow for its patience: that is what a flood is for.
      }
      LockSupport.parkNanos(Duration.ofSeconds(1).toNanos() / (2 * MANIFESTS_PER_SECOND));
    }
  }

  private Path keys() throws IOException {
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(SECRET);
    return Files.writeString(
        work.resolve("keys.yaml"),
        """
        keys:
          - { id: summer, algorithm: hmac-token, secret: "%1$s", notAfter: 2090-01-01T00:00:00Z }
          - { id: sealed, algorithm: hmac-state, secret: "%1$s", notAfter: 2090-01-01T00:00:00Z }
        """
            .formatted(secret));
  }

  private void startOrigin(Path published, Path keys) throws IOException {
    start(
        "origin",
        "origin",
        """
        root: %s
        http:
          listen: "%s"
          eventLoops: 1
          authorize: { protect: [/titles], keyFile: %s }
        admin: "%s"
        """
            .formatted(published, ORIGIN, keys, ORIGIN_ADMIN));
  }

  private static SteeringConfig steering(Path keys) throws ConfigException {
    return ConfigFile.parse(
        "steering.yaml",
        """
        listen: 127.0.0.1:0
        publicUri: "http://%s"
        catalog: "http://%s/v1/catalog"
        catalogInterval: 500ms
        origin: "%s"
        ttl: %ds
        ranking: { slowStart: 0s }
        playback:
          keyFile: %s
          stressTtl: %ds
          shedTtl: %ds
          manifestsPerSecond: %d
        sites: [{ id: north, latitude: 53.55, longitude: 9.99 }]
        networks: [{ prefix: "127.0.0.0/8", site: north }]
        """
            .formatted(
                FRONT,
                ORIGIN_ADMIN,
                ORIGIN,
                TTL.toSeconds(),
                keys,
                TTL.toSeconds(),
                SHED_TTL.toSeconds(),
                MANIFESTS_PER_SECOND),
        SteeringConfig.class);
  }

  private void startAppliance(String host) throws IOException {
    Path folder = Files.createDirectories(work.resolve(host));
    appliances.put(
        host,
        start(
            name(host),
            "appliance",
            """
            id: %s
            site: north
            advertise: "%s"
            http:
              listen: "%s"
              eventLoops: 1
              authorize: { protect: [/titles], keyFile: %s }
            store:
              indexFolder: %s
              maxFiles: 1000
              volumes: [{ path: %s, capacity: 160MiB }]
            admin: "%s"
            controller: "http://%s"
            heartbeat: { steering: ["http://%s"], interval: %dms }
            fill: { manifestInterval: 250ms, workers: 2, retry: 500ms, stall: 3s }
            """
                .formatted(
                    name(host),
                    new Endpoint(host, PORT),
                    new Endpoint(host, PORT),
                    work.resolve("keys.yaml"),
                    folder.resolve("index"),
                    folder.resolve("disk"),
                    new Endpoint(host, PORT + 1),
                    CONTROLLER,
                    FRONT,
                    HEARTBEAT.toMillis())));
  }

  private static String name(String host) {
    return "box-" + host.substring(host.lastIndexOf('.') + 1);
  }

  private ChildProcess process(String host) {
    ChildProcess process = appliances.get(host);
    if (process == null) {
      throw new IllegalArgumentException("not an appliance: " + host);
    }
    return process;
  }

  private ChildProcess start(String name, String subcommand, String yaml) throws IOException {
    Path config = Files.writeString(work.resolve(name + ".yaml"), yaml);
    ChildProcess process =
        ChildProcess.start(
            name, subcommand, config, home, "192m", work.resolve(name + ".log"), Map.of());
    parts.push(process);
    return process;
  }

  private ControlListener listener(Endpoint at) throws IOException {
    ControlListener listener = ControlListener.bind(at, ControlListener.Limits.DEFAULT);
    parts.push(listener);
    return listener;
  }

  private Response manifest(Request request) {
    Instant now = Instant.now();
    List<FillManifest.Entry> entries =
        catalog.files().stream()
            .map(
                file ->
                    new FillManifest.Entry(
                        file,
                        List.of(
                            new FillManifest.Source(
                                ORIGIN.http(token + "/" + file.path()),
                                FillManifest.Tier.ORIGIN,
                                0))))
            .toList();
    FillManifest manifest =
        new FillManifest(
            new ApplianceId(request.tail()),
            1,
            new FillManifest.FillWindow(
                now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1))),
            1L << 30,
            entries);
    return Response.message(manifest).with("ETag", "\"1\"");
  }

  private Response file(Request request) throws IOException {
    String path = request.tail();
    if (path.startsWith("vendor/") && !path.contains("..")) {
      byte[] script = Files.readAllBytes(home.resolve("demo").resolve("web").resolve(path));
      return Response.bytes("text/javascript", script);
    }
    String name = path.equals("stage.js") ? "stage.js" : "index.html";
    try (var in = PlayerStage.class.getResourceAsStream("/players/" + name)) {
      if (in == null) {
        throw new IOException("no " + name);
      }
      String type = name.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
      return Response.bytes(type, in.readAllBytes());
    }
  }

  /**
   * As a publisher hands them out: with a token in their URIs, the name of a steering server, and
   * what that said of this viewer.
   */
  private Response playlist(Request request) throws IOException {
    String plain = Files.readString(title.resolve(request.tail()));
    URI base = base(ORIGIN);
    if (request.tail().endsWith(".mpd")) {
      return Response.text(
          "application/dash+xml",
          PlayerManifests.dash(plain, base, FRONT.http("v1/dash/" + TITLE)));
    }
    Map<?, ?> first = control.get(FRONT.http("v1/hls/" + TITLE), Map.class);
    return Response.text(
        "application/vnd.apple.mpegurl", PlayerManifests.hls(plain, base, FirstAnswer.of(first)));
  }

  private URI base(Endpoint at) {
    return at.http(token + "/titles/" + TITLE + "/");
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        System.err.println("did not close: " + e);
      }
    }
    control.close();
  }
}
