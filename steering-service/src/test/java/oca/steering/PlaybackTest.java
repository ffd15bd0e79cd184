package oca.steering;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.protocol.token.Algorithm;
import oca.protocol.token.Hmac;
import oca.protocol.token.KeyFile;
import oca.protocol.token.KeyRing;
import oca.protocol.token.PathToken;
import oca.steering.fleet.Beats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What players get over HTTP: signed URLs, redirects, manifests; and what their reports do. */
class PlaybackTest {
  private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
  private static final String V0 = "titles/harbour/v0.mp4";
  private static final List<String> FILES =
      List.of(V0, "titles/harbour/v0.m3u8", "titles/harbour/a0.m3u8");
  private static final Beats NORTH_1 = Beats.of("north-1", "north", "127.0.0.11");
  private static final Beats NORTH_2 = Beats.of("north-2", "north", "127.0.0.12");
  private static final String KEYS =
      """
      keys:
        - id: summer
          algorithm: hmac-token
          secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY
          notAfter: 2027-01-01T00:00:00Z
        - id: sealed
          algorithm: hmac-state
          secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY
          notAfter: 2027-01-01T00:00:00Z
      """;

  @TempDir Path folder;
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ControlClient control = new ControlClient(Duration.ofSeconds(10));
  private final List<AutoCloseable> open = new ArrayList<>();
  private long sequence;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
    control.close();
    http.close();
  }

  @Test
  void playback_ofAFile_isSignedAndExpires() throws Exception {
    Steering steering = start("playback: { keyFile: KEYS, urlLifetime: 1h }");
    report(steering, NORTH_1);
    HttpResponse<byte[]> answer = get(steering, "/v1/playback?path=" + V0);
    Map<?, ?> json = json(answer);
    assertEquals(START.plus(Duration.ofHours(1)).toString(), json.get("expires"));
    assertEquals(30, json.get("refreshSeconds"));
    assertEquals("private, max-age=30", header(answer, "Cache-Control"));
    assertEquals("*", header(answer, "Access-Control-Allow-Origin"));
    List<String> urls = strings(json.get("urls"));
    assertEquals(2, urls.size());
    assertTrue(urls.getFirst().startsWith("http://127.0.0.11:8440/~1.summer."), urls.toString());
    assertTrue(urls.getLast().startsWith("http://127.0.0.10:8440/~1.summer."), urls.toString());
    // Good for the whole title: what a player asks for from here needs no other token.
    assertEquals(V0, checked(urls.getFirst()));
    assertEquals(FILES.get(1), checked(urls.getFirst().replace("v0.mp4", "v0.m3u8")));
  }

  @Test
  void playback_ofATitle_listsEachFile() throws Exception {
    Steering steering = start("playback: { keyFile: KEYS, scheme: https }");
    report(steering, NORTH_1);
    Map<?, ?> json = json(get(steering, "/v1/playback/harbour"));
    assertEquals("harbour", json.get("title"));
    assertFalse(json.containsKey("urls"));
    List<?> files = (List<?>) json.get("files");
    assertEquals(FILES, files.stream().map(file -> ((Map<?, ?>) file).get("path")).toList());
    for (Object file : files) {
      String url = strings(((Map<?, ?>) file).get("urls")).getFirst();
      assertTrue(url.startsWith("https://127.0.0.11:8440/~1."), url);
      assertEquals(((Map<?, ?>) file).get("path"), checked(url));
    }
    assertEquals(404, get(steering, "/v1/playback/nothing").statusCode());
    assertEquals(422, get(steering, "/v1/playback/harbour?redirect=1").statusCode());
  }

  @Test
  void playback_titleOfTooManyFiles_saysWhatToAskInstead() throws Exception {
    Steering steering = start("playback: { filesPerAnswer: 2 }");
    HttpResponse<byte[]> answer = get(steering, "/v1/playback/harbour");
    assertEquals(422, answer.statusCode());
    assertTrue(new String(answer.body(), UTF_8).contains("playback.filesPerAnswer"));
  }

  @Test
  void redirect_dumbPlayer_goesToTheBest() throws Exception {
    Steering steering = start("playback: { keyFile: KEYS, urlLifetime: 1min }");
    report(steering, NORTH_1);
    for (String path : List.of("/v1/redirect/" + V0, "/v1/playback?redirect=1&path=" + V0)) {
      HttpResponse<byte[]> answer = get(steering, path);
      assertEquals(302, answer.statusCode());
      assertTrue(header(answer, "Location").startsWith("http://127.0.0.11:8440/~1.summer."));
      assertEquals(V0, checked(header(answer, "Location")));
      assertEquals("private, max-age=30", header(answer, "Cache-Control"));
    }
    assertEquals(400, get(steering, "/v1/redirect/a/../b").statusCode());
  }

  @Test
  void playback_keysReplaced_areUsedWithoutARestart() throws Exception {
    Steering steering = start("playback: { keyFile: KEYS, keyInterval: 100ms }");
    Path keys = folder.resolve("keys.yaml");
    Files.writeString(keys, "nonsense");
    await().until(() -> answers(steering, "keyFileFailures") > 0);
    assertTrue(url(steering).contains("/~1.summer."), "the old keys stay");
    Files.writeString(keys, KEYS.replace("summer", "autumn"));
    await().until(() -> url(steering).contains("/~1.autumn."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hls", "dash"})
  void manifest_always_keepsWhatPlayersNeed(String form) throws Exception {
    Steering steering = start("playback: { keyFile: KEYS }");
    check(json(get(steering, "/v1/" + form + "/harbour")));
    report(steering, NORTH_1);
    report(steering, NORTH_2);
    for (String query :
        List.of(
            "",
            "?s=",
            "?s=1.sealed.x.y",
            "?s=" + "x".repeat(2000),
            "?_HLS_pathway=%22north-1%22&_HLS_throughput=1",
            "?_DASH_pathway=%22a,b%22&_DASH_throughput=1,",
            "?_HLS_pathway=" + "%22,".repeat(500))) {
      check(json(get(steering, "/v1/" + form + "/harbour" + query)));
    }
    assertEquals(1, answers(steering, "state malformed"));
    assertEquals(1, answers(steering, "state foreign"));
    assertEquals(1, answers(steering, "state too long"));
  }

  @Test
  void manifest_sameKeysAndFleet_everyReplicaAnswersAlike() throws Exception {
    Steering one = start("playback: { keyFile: KEYS }");
    Steering two = start("playback: { keyFile: KEYS }");
    for (Steering steering : List.of(one, two)) {
      report(steering, NORTH_1);
      report(steering, NORTH_2);
    }
    String state = reload(json(get(one, "/v1/hls/harbour")));
    for (int i = 0; i < 20; i++) {
      Map<?, ?> first = json(get(one, state));
      assertEquals(first, json(get(two, state)));
      state = reload(first);
    }
    assertEquals(0, answers(two, "state foreign"));
  }

  @Test
  void manifest_stateOfAnotherTitle_isIgnoredAndCounted() throws Exception {
    Steering steering = start("playback: { keyFile: KEYS }");
    String state = reload(json(get(steering, "/v1/hls/harbour")));
    check(json(get(steering, state.replace("harbour", "aurora"))));
    assertEquals(1, answers(steering, "state foreign"));
  }

  @Test
  void manifest_drainingOrLateApplianceInUse_asksBackSooner() throws Exception {
    Steering steering = start("playback: { stressTtl: 4s }");
    report(steering, NORTH_1);
    assertEquals(30, json(get(steering, "/v1/hls/harbour")).get("TTL"));
    post(steering, "heartbeats", NORTH_1.beat(++sequence, 1, true, 1), HeartbeatReply.class);
    assertEquals(30, json(get(steering, "/v1/hls/harbour")).get("TTL"));
    assertEquals(4, json(get(steering, "/v1/hls/harbour?_HLS_pathway=north-1")).get("TTL"));
    beat(steering, NORTH_1);
    pass(steering, Duration.ofMillis(2100));
    assertEquals(4, json(get(steering, "/v1/hls/harbour")).get("TTL"), "it is late");
    assertEquals(2, answers(steering, "stressed"));
  }

  @Test
  void manifest_playerListsWhereItWasAndIs_staysWhereItWasSent() throws Exception {
    Steering steering = start("playback: { stressTtl: 4s }");
    report(steering, NORTH_1);
    report(steering, NORTH_2);
    Map<?, ?> first = json(get(steering, "/v1/dash/harbour?_DASH_pathway=%22north-1%22"));
    assertEquals("north-1", strings(first.get("PATHWAY-PRIORITY")).getFirst());
    for (String used : List.of("north-1,north-2", "north-2,north-1")) {
      Map<?, ?> next = json(get(steering, reload(first) + "&_DASH_pathway=%22" + used + "%22"));
      assertEquals("north-1", strings(next.get("PATHWAY-PRIORITY")).getFirst(), used);
    }
  }

  @Test
  void manifest_tooManyRequests_keepTheirPlaceAndComeBackLater() throws Exception {
    Steering steering = start("playback: { manifestsPerSecond: 2, shedTtl: 90s }");
    report(steering, NORTH_1);
    report(steering, NORTH_2);
    String path = "/v1/hls/harbour?_HLS_pathway=north-2";
    get(steering, path);
    get(steering, path);
    Map<?, ?> shed = json(get(steering, path));
    check(shed);
    assertEquals(90, shed.get("TTL"));
    assertEquals(List.of("north-2", "origin"), shed.get("PATHWAY-PRIORITY"));
    assertEquals(30, json(get(steering, "/v1/hls/harbour")).get("TTL"), "a new one has no place");
    pass(steering, Duration.ofSeconds(1));
    assertEquals(30, json(get(steering, path)).get("TTL"));
    assertEquals(1, answers(steering, "shed"));
  }

  @Test
  void manifest_tokensHalfOver_namesNewUrisUnderNewIds() throws Exception {
    Steering steering = start("playback: { keyFile: KEYS, urlLifetime: 2h, renewTokens: true }");
    report(steering, NORTH_1);
    Map<?, ?> first = json(get(steering, "/v1/hls/harbour"));
    assertEquals(List.of("north-1", "origin"), first.get("PATHWAY-PRIORITY"));
    now.set(START.plus(Duration.ofMinutes(59)));
    Map<?, ?> second = json(get(steering, reload(first)));
    assertEquals(first.get("PATHWAY-CLONES"), second.get("PATHWAY-CLONES"));
    now.set(START.plus(Duration.ofMinutes(60)));
    Map<?, ?> third = json(get(steering, reload(second)));
    check(third);
    String id = strings(third.get("PATHWAY-PRIORITY")).getFirst();
    assertTrue(id.startsWith("north-1.t"), id);
    assertEquals(List.of(id, "north-1", "origin"), third.get("PATHWAY-PRIORITY"));
    Map<?, ?> clone = (Map<?, ?>) ((List<?>) third.get("PATHWAY-CLONES")).getFirst();
    Map<?, ?> replacement = (Map<?, ?>) clone.get("URI-REPLACEMENT");
    assertEquals("127.0.0.11", replacement.get("HOST"));
    for (String key : List.of("PER-VARIANT-URIS", "PER-RENDITION-URIS")) {
      Map<?, ?> uris = (Map<?, ?>) replacement.get(key);
      assertEquals(new HashSet<>(List.of("v0", "a0")), uris.keySet());
      assertEquals("titles/harbour/v0.m3u8", checked(String.valueOf(uris.get("v0"))));
    }
    now.set(START.plus(Duration.ofMinutes(119)));
    Map<?, ?> fourth = json(get(steering, reload(third) + "&_HLS_pathway=" + id));
    assertEquals(third.get("PATHWAY-CLONES"), fourth.get("PATHWAY-CLONES"), "an id never changes");
    now.set(START.plus(Duration.ofMinutes(121)));
    Map<?, ?> fifth = json(get(steering, reload(fourth) + "&_HLS_pathway=" + id));
    assertNotEquals(id, strings(fifth.get("PATHWAY-PRIORITY")).getFirst());
    assertEquals(2, answers(steering, "tokensRenewed"));
    assertFalse(
        String.valueOf(json(get(steering, "/v1/dash/harbour"))).contains("URIS"), "HLS only");
  }

  @Test
  void manifest_pathwaysOfThePlaylist_needNoClones() throws Exception {
    Steering steering =
        start("playback: { clones: false, pathways: [{ id: cdn-a, appliance: north-1 }] }");
    Map<?, ?> none = json(get(steering, "/v1/hls/harbour"));
    assertEquals(List.of("origin", "cdn-a"), none.get("PATHWAY-PRIORITY"));
    assertFalse(none.containsKey("PATHWAY-CLONES"), "left out rather than empty");
    report(steering, NORTH_2);
    report(steering, NORTH_1);
    Map<?, ?> some = json(get(steering, "/v1/hls/harbour"));
    assertEquals(List.of("cdn-a", "origin"), some.get("PATHWAY-PRIORITY"));
    assertFalse(some.containsKey("PATHWAY-CLONES"));
  }

  @Test
  void manifest_spareOrigins_standBehindTheOrigin() throws Exception {
    Steering steering = start("playback: { spareOrigins: [b.example, \"[2001:db8::1]\"] }");
    Map<?, ?> manifest = json(get(steering, "/v1/dash/harbour"));
    assertEquals(
        List.of("origin", "origin.spare-1", "origin.spare-2"), manifest.get("PATHWAY-PRIORITY"));
    String clones = String.valueOf(manifest.get("PATHWAY-CLONES"));
    assertTrue(clones.contains("HOST=b.example:8440"), clones);
    assertTrue(clones.contains("HOST=[2001:db8::1]:8440"), clones);
  }

  @Test
  void playback_behindAProxy_isDecidedForTheClient() throws Exception {
    Steering steering = start("playback: { proxies: [127.0.0.0/8] }");
    HttpRequest request =
        HttpRequest.newBuilder(uri(steering, "/v1/playback?path=" + V0))
            .header("X-Forwarded-For", "6.6.6.6, 198.51.100.7")
            .header("X-Forwarded-For", "127.0.0.9")
            .build();
    assertEquals(
        "198.51.100.7", json(http.send(request, BodyHandlers.ofByteArray())).get("client"));
  }

  @Test
  void cmcd_applianceThatHurtsPlayers_losesItsShare() throws Exception {
    Steering steering = start("playback: { proxies: [127.0.0.0/8] }");
    report(steering, NORTH_1);
    report(steering, NORTH_2);
    for (int i = 0; i < 250; i++) {
      String client = "198.18." + i + ".1";
      assertEquals(
          204, cmcd(steering, client, "e=ps,sta=r,h=\"127.0.0.11\"\ne=ps,sta=p,cdn=\"north-2\""));
    }
    assertEquals(500, answers(steering, "reports taken"));
    assertEquals(250, answers(steering, "reports bad"));
    steering.weigh();
    assertEquals(0.1, steering.shares().of(0), 0.05);
    assertEquals(1, steering.shares().of(1));
  }

  @Test
  void cmcd_hostileReports_areDroppedAndCounted() throws Exception {
    Steering steering = start("qoe: { reportsPerRequest: 3, body: 1KiB }");
    report(steering, NORTH_1);
    assertEquals(204, cmcd(steering, "", ""));
    assertEquals(204, cmcd(steering, "", "\u0000\u0001,,,\n{\n[1,2]\nCMCD=%zz"));
    assertEquals(204, cmcd(steering, "", "[[],{},1]"));
    assertEquals(204, cmcd(steering, "", "[{\"h\":\"gone.example\",\"bs\":true}]"));
    assertEquals(204, cmcd(steering, "", "CMCD=bs%2Ch%3D%22127.0.0.11%22"));
    assertEquals(204, cmcd(steering, "", "{\"url\":\"http://127.0.0.11:8440/x\",\"rc\":503}"));
    assertEquals(413, cmcd(steering, "", "x".repeat(2000)));
    for (int i = 0; i < 10; i++) {
      cmcd(steering, "", "bs,h=\"127.0.0.11\"");
    }
    assertEquals(5, answers(steering, "reports taken"), "of one network");
    assertEquals(7, answers(steering, "reports over budget"));
    assertEquals(1, answers(steering, "reports unknown place"));
    assertEquals(1, answers(steering, "reports too large"));
    assertEquals(1, answers(steering, "reports too many"));
    assertEquals(6, answers(steering, "reports malformed"));
    steering.weigh();
    assertEquals(1, steering.shares().of(0));
  }

  /** Each line of it is a trap that some player falls into. */
  private static void check(Map<?, ?> manifest) {
    assertEquals(1, manifest.get("VERSION"));
    assertTrue((int) manifest.get("TTL") > 0);
    URI reload = URI.create(String.valueOf(manifest.get("RELOAD-URI")));
    assertTrue(reload.isAbsolute());
    assertTrue(reload.toString().length() < 1024, reload.toString());
    List<String> priority = strings(manifest.get("PATHWAY-PRIORITY"));
    assertTrue(priority.size() >= 2, priority.toString());
    assertEquals(priority.size(), new HashSet<>(priority).size());
    assertTrue(priority.contains("origin"));
    if (manifest.containsKey("PATHWAY-CLONES")) {
      List<?> clones = (List<?>) manifest.get("PATHWAY-CLONES");
      assertFalse(clones.isEmpty());
      for (Object item : clones) {
        Map<?, ?> clone = (Map<?, ?>) item;
        assertEquals("origin", clone.get("BASE-ID"));
        assertTrue(priority.contains(clone.get("ID")));
        String host = String.valueOf(((Map<?, ?>) clone.get("URI-REPLACEMENT")).get("HOST"));
        assertFalse(host.isEmpty());
      }
      assertTrue(clones.size() < priority.size(), "all but the origin's at most");
    }
  }

  /** The path behind a token that an appliance would accept now. */
  private String checked(String url) throws Exception {
    KeyRing ring = KeyFile.read(folder.resolve("keys.yaml")).ring();
    PathToken token = new PathToken();
    token.read(URI.create(url).getPath().substring(1));
    String path = token.contentPath();
    int key = token.keyIn(ring);
    assertEquals(Algorithm.HMAC_TOKEN, ring.key(key).algorithm());
    assertTrue(token.isMadeWith(new Hmac(ring.key(key).key())), url);
    assertTrue(token.expirySecond() > now.get().getEpochSecond());
    return path;
  }

  private Steering start(String block) throws IOException, ConfigException {
    Files.writeString(folder.resolve("keys.yaml"), KEYS);
    ControlListener publisher =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route(
                "GET",
                "/catalog.json",
                _ ->
                    Response.message(
                        new Catalog("7", FILES.stream().map(PlaybackTest::entry).toList())));
    publisher.start();
    open.add(publisher);
    String yaml =
        """
        listen: 127.0.0.1:0
        catalog: %s
        sites: [{ id: north, latitude: 53.55, longitude: 10.00 }]
        networks: [{ prefix: 127.0.0.0/8, site: north }]
        origin: 127.0.0.10:8440
        publicUri: http://steer.example
        catalogInterval: 10ms
        %s
        """
            .formatted(
                publisher.endpoint().http("catalog.json"),
                block.replace("KEYS", folder.resolve("keys.yaml").toString()));
    Steering steering =
        Steering.start(
            ConfigFile.parse("steering.yaml", yaml, SteeringConfig.class), now::get, nanos::get, 7);
    open.add(steering);
    await()
        .until(
            () ->
                ((Map<?, ?>) json(get(steering, "/v1/status")).get("catalog"))
                    .get("version")
                    .equals("7"));
    return steering;
  }

  /** Time in which steering runs: its watchdog looks every hundred milliseconds. */
  private void pass(Steering steering, Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 100) {
      nanos.addAndGet(Duration.ofMillis(100).toNanos());
      steering.tick();
    }
  }

  private void report(Steering steering, Beats beats) throws IOException {
    beat(steering, beats);
    List<ContentId> ids = FILES.stream().map(ContentId::ofPath).toList();
    control.post(
        uri(steering, "/v1/inventories"),
        new Inventory(new ApplianceId(beats.id()), beats.boot(), 1, ids));
  }

  private HeartbeatReply beat(Steering steering, Beats beats) throws IOException {
    return post(steering, "heartbeats", beats.beat(++sequence, 1, false, 1), HeartbeatReply.class);
  }

  private <T> T post(Steering steering, String what, Object message, Class<T> type)
      throws IOException {
    return control.post(uri(steering, "/v1/" + what), message, type);
  }

  private int cmcd(Steering steering, String forwardedFor, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(steering, "/v1/cmcd"))
            .header("Content-Type", "application/cmcd")
            .POST(BodyPublishers.ofString(body));
    if (!forwardedFor.isEmpty()) {
      request.header("X-Forwarded-For", forwardedFor);
    }
    return http.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private String url(Steering steering) throws Exception {
    return strings(json(get(steering, "/v1/steer?path=" + V0)).get("urls")).getFirst();
  }

  private long answers(Steering steering, String name) throws Exception {
    Map<?, ?> answers = (Map<?, ?>) json(get(steering, "/v1/status")).get("answers");
    return ((Number) answers.get(name)).longValue();
  }

  /** The path and query to ask again. */
  private static String reload(Map<?, ?> manifest) {
    return String.valueOf(manifest.get("RELOAD-URI")).substring("http://steer.example".length());
  }

  private HttpResponse<byte[]> get(Steering steering, String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(steering, path)).build(), BodyHandlers.ofByteArray());
  }

  private static URI uri(Steering steering, String path) {
    return URI.create("http://" + steering.endpoint() + path);
  }

  private static Map<?, ?> json(HttpResponse<byte[]> answer) throws IOException {
    assertEquals(200, answer.statusCode(), new String(answer.body(), UTF_8));
    return Wire.read(answer.body(), Map.class);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static List<String> strings(Object list) {
    return Arrays.stream(((List<?>) list).toArray()).map(String::valueOf).toList();
  }

  private static CatalogEntry entry(String path) {
    return new CatalogEntry(path, "harbour", 100, "ab".repeat(32), "video/mp4", Instant.EPOCH);
  }
}
