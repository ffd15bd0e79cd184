package oca.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import oca.cli.LiveCase.Look;
import oca.server.Appliance;
import oca.server.ApplianceConfig;
import oca.server.fill.YieldScenario;
import oca.server.http.HttpListener;
import oca.server.http.InheritedSockets;
import oca.server.pull.PullSource;
import oca.store.Lookup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each key of an appliance that is said to change while it serves does so. */
class ApplianceLiveTest {
  private static final String NOT_HERE = "/titles/none.mp4";
  private static final String HERE = "/" + LivePlane.PATH;
  private static final String BULK = "Priority: u=7";
  private static final int SOON = 500;

  @TempDir Path folder;

  private final AtomicInteger names = new AtomicInteger();
  private LivePlane plane;
  private LiveProcess<ApplianceConfig> process;
  private Appliance appliance;

  @BeforeEach
  void start() throws Exception {
    plane = new LivePlane();
    String text =
        """
        id: north-1
        site: north
        advertise: "127.0.0.1:9"
        bitsPerSecond: 20000000
        http: {listen: "127.0.0.1:0", eventLoops: 1, maxConnections: 10, drainTimeout: 0s, drainIdle: 0s}
        store:
          indexFolder: %s
          volumes: [{path: %s, capacity: 100MB}]
        admin: "127.0.0.1:0"
        controller: "%s"
        heartbeat: {interval: 20ms}
        fill: {manifestInterval: 50ms, grants: {use: off}}
        pull:
          folder: %s
          capacity: 10MB
          services: [%s]
        """
            .formatted(
                folder.resolve("index"),
                folder.resolve("disk"),
                plane.uri(),
                folder.resolve("pull"),
                service("{}"));
    process = new LiveProcess<>(folder, text, ApplianceConfig.class);
    appliance = Appliance.start(process.running());
    await().atMost(Duration.ofSeconds(30)).until(() -> appliance.status().fill().filled() == 1);
  }

  @AfterEach
  void stop() throws Exception {
    appliance.close();
    plane.close();
  }

  @Test
  void liveKeys_ofAnAppliance_areTheseAndEachMakesADifference() throws Exception {
    List<LiveCase> cases = cases();
    Set<String> tried = new TreeSet<>();
    cases.forEach(it -> tried.add(it.key()));
    assertEquals(LiveKeys.of(ProcessKind.APPLIANCE), tried);
    for (LiveCase one : cases) {
      await().until(() -> appliance.status().connections() == 0);
      one.check(process::set);
    }
  }

  /** What is under way goes on as it began, and what begins then sees the new value. */
  @Test
  void reload_duringAnAnswer_leavesItAlone() throws Exception {
    process.set(List.of());
    try (RawExchange slow = new RawExchange(appliance.endpoint(), 4096)) {
      slow.say(RawExchange.get(HERE));
      assertTrue(slow.head().startsWith("http/1.1 200"));
      process.set(List.of("http.maxConnections=1", "http.maxBulk=0", "http.maxRanges=1"));
      assertEquals("503", status(RawExchange.get(NOT_HERE)));
      assertEquals(LivePlane.LENGTH, slow.in().readNBytes(LivePlane.LENGTH).length);
    }
  }

  private List<LiveCase> cases() {
    List<LiveCase> cases = new ArrayList<>();
    connections(cases);
    requests(cases);
    times(cases);
    http2(cases);
    pacing(cases);
    players(cases);
    controlPlane(cases);
    filling(cases);
    pulling(cases);
    return cases;
  }

  private void connections(List<LiveCase> cases) {
    Look another = () -> beside(RawExchange.get(NOT_HERE));
    cases.add(LiveCase.of("http.maxConnections", "10", "1", another));
    cases.add(LiveCase.of("http.maxConnectionsPerNetwork", "0", "1", another));
    cases.add(LiveCase.of("http.maxRefusals", "10", "0", another, "http.maxConnections=1"));
    Look bulk = () -> status(RawExchange.get(HERE, BULK, "Range: bytes=0-0"));
    cases.add(LiveCase.of("http.maxBulk", "64", "0", bulk));
    cases.add(
        LiveCase.of(
            "http.retryAfter",
            "5s",
            "9s",
            () -> RawExchange.field(head(RawExchange.get(HERE, BULK)), "retry-after"),
            "http.maxBulk=0"));
  }

  private void requests(List<LiveCase> cases) {
    String[] fields = new String[20];
    java.util.Arrays.setAll(fields, i -> "X-" + i + ": " + "a".repeat(50));
    Look many = () -> status(RawExchange.get(NOT_HERE, fields));
    cases.add(LiveCase.of("http.maxHeadBytes", "16KiB", "512B", many));
    cases.add(LiveCase.of("http.maxFields", "100", "10", many));
    cases.add(
        LiveCase.of(
            "http.maxRanges",
            "16",
            "2",
            () -> status(RawExchange.get(HERE, "Range: bytes=0-0,2-2,4-4"))));
    String post = RawExchange.request("POST /pass/p", "Content-Length: 2000") + "\r\n";
    Look content = () -> status(post + "c".repeat(2000));
    cases.add(LiveCase.of("http.maxContent", "1MiB", "1KiB", () -> isStatus(content, "413")));
    cases.add(LiveCase.of("http.maxContentHeld", "1MiB", "1KiB", () -> isBusy(content)));
    cases.add(
        LiveCase.of(
            "http.maxRequestsPerConnection",
            "10000",
            "1",
            () -> RawExchange.field(head(RawExchange.get(NOT_HERE)), "connection")));
    cases.add(
        LiveCase.of(
            "http.serverTiming",
            "false",
            "true",
            () ->
                RawExchange.field(head(RawExchange.get(HERE, "Range: bytes=0-0")), "server-timing")
                    .isEmpty()));
    cases.add(
        LiveCase.of(
            "http.redirects",
            "[]",
            "[{prefix: \"\", to: \"http://next.example\"}]",
            () -> RawExchange.field(head(RawExchange.get(NOT_HERE)), "location")));
  }

  private void times(List<LiveCase> cases) {
    String begun = RawExchange.request("POST /pass/p", "Content-Length: 10") + "\r\nabc";
    cases.add(LiveCase.of("http.contentTimeout", "60s", "50ms", () -> quiet(begun)));
    cases.add(LiveCase.of("http.headTimeout", "10s", "50ms", () -> quiet("GET / HTTP/1.1\r\n")));
    cases.add(
        LiveCase.of(
            "http.idleTimeout",
            "30s",
            "50ms",
            () -> {
              try (RawExchange one = new RawExchange(appliance.endpoint())) {
                one.say(RawExchange.request("HEAD " + NOT_HERE) + "\r\n").head();
                return one.after(3 * SOON);
              }
            }));
    cases.add(
        LiveCase.of(
            "http.slowestReader", "1KiB", "1GiB", this::isCutOff, "http.idleTimeout=500ms"));
    cases.add(
        LiveCase.of("http.drainIdle", "0ms", "700ms", this::closesAtOnce, "http.drainTimeout=5s"));
    cases.add(
        LiveCase.of("http.drainTimeout", "0ms", "700ms", this::closesAtOnce, "http.drainIdle=5s"));
  }

  private void http2(List<LiveCase> cases) {
    cases.add(LiveCase.of("http.http2.maxStreams", "100", "7", this::settings));
    cases.add(LiveCase.of("http.http2.initialWindow", "64KiB", "1MiB", this::settings));
    cases.add(LiveCase.of("http.http2.maxFrame", "16KiB", "1MiB", this::settings));
  }

  private void pacing(List<LiveCase> cases) {
    String slow = "http.pacing.defaultKbps=8000";
    String fixed = "http.pacing.mode=fixed";
    cases.add(LiveCase.of("http.pacing.mode", "off", "fixed", () -> isSlow(""), slow));
    cases.add(LiveCase.of("http.pacing.defaultKbps", "8000", "1000000", () -> isSlow(""), fixed));
    cases.add(
        LiveCase.of("http.pacing.floorKbps", "1000", "1000000", () -> isSlow(""), slow, fixed));
    cases.add(
        LiveCase.of(
            "http.pacing.capKbps",
            "0",
            "8000",
            () -> isSlow(""),
            "http.pacing.defaultKbps=1000000",
            fixed));
    cases.add(
        LiveCase.of(
            "http.pacing.headroom",
            "2",
            "100",
            () -> isSlow("br%3D4000"),
            "http.pacing.mode=by-cmcd"));
    cases.add(
        LiveCase.of(
            "http.pacing.startupBuffer", "10s", "0s", () -> isSlow("bl%3D5000"), slow, fixed));
    cases.add(
        LiveCase.of("http.cmcd.maxChars", "4096", "1", () -> isSlow("bl%3D5000"), slow, fixed));
    cases.add(
        LiveCase.of("http.cmcd.maxKeys", "64", "1", () -> isSlow("br%3D100,su"), slow, fixed));
  }

  private void players(List<LiveCase> cases) {
    String suggest = "cmsd.suggestAt=0.05";
    cases.add(LiveCase.of("cmsd.enabled", "true", "false", this::cmsd));
    cases.add(LiveCase.of("cmsd.duressAt", "0.95", "0.05", this::cmsd));
    cases.add(LiveCase.of("cmsd.suggestAt", "0.8", "0.05", this::cmsd));
    cases.add(LiveCase.of("cmsd.share", "0.9", "0.5", this::cmsd, suggest));
    cases.add(
        LiveCase.of("cmsd.minKbps", "500", "2000", this::cmsd, suggest, "bitsPerSecond=1000000"));
    cases.add(LiveCase.of("cmsd.maxKbps", "50000", "1000", this::cmsd, suggest));
    cases.add(LiveCase.of("bitsPerSecond", "20000000", "10000000", this::cmsd, suggest));
  }

  private void controlPlane(List<LiveCase> cases) {
    cases.add(
        LiveCase.of(
            "heartbeat.interval", "20ms", "10s", () -> LivePlane.come(plane.beats, 3, 6 * SOON)));
    cases.add(LiveCase.of("heartbeat.timeout", "5s", "50ms", this::failsSoon));
    cases.add(
        LiveCase.of(
            "fill.manifestInterval",
            "20ms",
            "10s",
            () -> LivePlane.come(plane.looks, 3, 6 * SOON)));
  }

  private void filling(List<LiveCase> cases) {
    Look shares =
        () -> YieldScenario.shares(() -> process.running().current().get().fill().yield());
    cases.add(LiveCase.of("fill.yield.above", "0.8", "0.65", shares));
    cases.add(LiveCase.of("fill.yield.below", "0.6", "0.4", shares));
    cases.add(LiveCase.of("fill.yield.diskWait", "30ms", "10ms", shares));
    cases.add(LiveCase.of("fill.yield.diskQueue", "32", "10", shares));
    cases.add(LiveCase.of("fill.yield.floor", "0.05", "0.2", shares));
  }

  private void pulling(List<LiveCase> cases) {
    String old = answer("200 OK", "Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT");
    String stale = answer("200 OK", "Cache-Control: max-age=0", "ETag: \"1\"");
    Look hit = () -> second(old, old).contains("hit");
    add(cases, "heuristicPercent", "0", "10", "", hit);
    add(cases, "heuristicCap", "1d", "0s", "heuristicPercent: 10, ", hit);
    String missing = answer("404 Not Found");
    add(
        cases,
        "errors",
        "[]",
        "[{status: 404, keep: 1min}]",
        "",
        () -> second(missing, missing).contains("hit"));
    add(
        cases,
        "staleIfError",
        "0s",
        "1h",
        "",
        () -> second(stale, answer("503 Service Unavailable")).substring(9, 12));
    add(
        cases,
        "staleWhileRevalidate",
        "0s",
        "1h",
        "",
        () -> RawExchange.field(second(stale, stale), "cache-status").contains("hit"));
    add(cases, "staleIfAway", "0s", "1h", "", () -> second(stale, "").substring(9, 12));
  }

  private void add(
      List<LiveCase> cases, String key, String before, String after, String with, Look look) {
    String path = "pull.services=";
    cases.add(
        new LiveCase(
            "pull.services[].caching." + key,
            path + "[" + service("{" + with + key + ": " + before + "}") + "]",
            path + "[" + service("{" + with + key + ": " + after + "}") + "]",
            List.of(),
            look));
  }

  private String service(String caching) {
    return "{name: pass, prefix: \"pass/\", upstreams: {origins: [{url: \""
        + plane.upstreamUri()
        + "\"}], retry: {maxAttempts: 1}, breaker: {least: 20}}, caching: "
        + caching
        + "}";
  }

  private static String answer(String status, String... fields) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Length: 2\r\nConnection: close\r\n"
        + String.join("", java.util.Arrays.stream(fields).map(it -> it + "\r\n").toList())
        + "\r\nok";
  }

  /** The head of the second of two answers to one new path, by what the upstream says to each. */
  private String second(String first, String then) throws IOException {
    String path = "/pass/" + names.incrementAndGet();
    plane.upstream = first;
    head(RawExchange.get(path, "Connection: close"));
    plane.upstream = then;
    return head(RawExchange.get(path, "Connection: close"));
  }

  private String head(String request) throws IOException {
    try (RawExchange one = new RawExchange(appliance.endpoint())) {
      return one.say(request).head();
    }
  }

  private String status(String request) throws IOException {
    try (RawExchange one = new RawExchange(appliance.endpoint())) {
      return one.say(request).status();
    }
  }

  private static boolean isStatus(Look look, String status) throws Exception {
    return look.at().equals(status);
  }

  private boolean isBusy(Look look) throws Exception {
    plane.upstream = answer("200 OK");
    return isStatus(look, "503");
  }

  /** The status that a second connection gets while there is one that was answered. */
  private String beside(String request) throws IOException {
    await().until(() -> appliance.status().connections() == 0);
    try (RawExchange one = new RawExchange(appliance.endpoint())) {
      one.say(RawExchange.get(NOT_HERE)).head();
      return status(request);
    }
  }

  /** What comes of a request that is not sent to its end. */
  private String quiet(String begun) throws IOException {
    try (RawExchange one = new RawExchange(appliance.endpoint())) {
      return one.say(begun).after(3 * SOON);
    }
  }

  /** Whether a reader that takes some megabytes a second is left without the rest. */
  private boolean isCutOff() throws IOException {
    long before = slowReaders();
    try (RawExchange one = new RawExchange(appliance.endpoint(), 4096)) {
      one.say(RawExchange.get(HERE)).head();
      InputStream in = one.in();
      long end = System.nanoTime() + 1_000_000L * 8 * SOON;
      while (System.nanoTime() < end && slowReaders() == before) {
        if (in.readNBytes(65_536).length == 0) {
          break;
        }
        java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
      }
    } catch (SocketException e) {
      return true;
    }
    return slowReaders() > before;
  }

  private long slowReaders() {
    return appliance.status().serving().slowReaders();
  }

  /** Whether a listener of this configuration that closes waits for a connection at rest. */
  private boolean closesAtOnce() throws IOException {
    // One that waits does so each time; one that does not may meet a machine that stands still.
    for (int look = 0; look < 2; look++) {
      if (closesSoon()) {
        return true;
      }
    }
    return false;
  }

  private boolean closesSoon() throws IOException {
    HttpListener other =
        HttpListener.open(
            process.running().current().map(ApplianceConfig::http),
            _ -> Lookup.Miss.MISS,
            PullSource.NONE,
            _ -> {},
            InstantSource.system(),
            InheritedSockets.none());
    try (RawExchange one = new RawExchange(other.endpoint())) {
      one.say(RawExchange.get(NOT_HERE)).head();
      long began = System.nanoTime();
      other.close();
      return System.nanoTime() - began < 400_000_000L;
    }
  }

  /** The payload of the first SETTINGS frame (RFC 9113, section 6.5). */
  private String settings() throws IOException {
    try (RawExchange one = new RawExchange(appliance.endpoint())) {
      one.say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
      byte[] head = one.in().readNBytes(9);
      int length = ((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff);
      assertEquals(4, head[3], "SETTINGS");
      return HexFormat.of().formatHex(one.in().readNBytes(length));
    }
  }

  /** Whether a mebibyte takes as long as 8 Mbit/s have it, to a player that tells this. */
  private boolean isSlow(String cmcd) throws IOException {
    // One that is paced is slow each time; one that is not may meet a machine that stands still.
    for (int look = 0; look < 2; look++) {
      if (!takesLong(cmcd)) {
        return false;
      }
    }
    return true;
  }

  private boolean takesLong(String cmcd) throws IOException {
    String path = cmcd.isEmpty() ? HERE : HERE + "?CMCD=" + cmcd;
    try (RawExchange one = new RawExchange(appliance.endpoint())) {
      long began = System.nanoTime();
      one.say(RawExchange.get(path, "Range: bytes=0-1048575")).head();
      assertEquals(1 << 20, one.in().readNBytes(1 << 20).length);
      return System.nanoTime() - began > 400_000_000L;
    }
  }

  /** What players are told, while one connection is open and nothing is sent. */
  private String cmsd() throws Exception {
    try (RawExchange one = new RawExchange(appliance.endpoint())) {
      one.say(RawExchange.request("HEAD " + NOT_HERE) + "\r\n").head();
      assertTrue(LivePlane.come(plane.beats, 4, 10 * SOON));
      one.say(RawExchange.request("HEAD " + NOT_HERE + "?CMCD=bl%3D5000") + "\r\n");
      return RawExchange.field(one.head(), "cmsd-dynamic");
    }
  }

  private boolean failsSoon() throws Exception {
    // The second that comes was begun after the first was answered, so by what is set now.
    assertTrue(LivePlane.come(plane.beats, 2, 10 * SOON));
    CountDownLatch latch = new CountDownLatch(1);
    long before = appliance.status().heartbeatFailures();
    plane.hanging = latch;
    try {
      await().atMost(Duration.ofMillis(6 * SOON)).until(() -> failures() > before);
      return true;
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      return false;
    } finally {
      plane.hanging = new CountDownLatch(0);
      latch.countDown();
    }
  }

  private long failures() {
    return appliance.status().heartbeatFailures();
  }
}
