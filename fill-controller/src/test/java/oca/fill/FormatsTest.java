package oca.fill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.fill.PlanEndpoint.Drafted;
import oca.fill.PlanEndpoint.Plans;
import oca.fill.placement.Explanation;
import oca.fill.plan.PlanHead;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Json;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import oca.protocol.service.NewerDataException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Databases that other releases left: an older one is gone on with, a newer one left as it is. The
 * golden files were written by this very class; without them it writes them to {@code
 * target/golden}. A layout that changes gets new ones, beside the old ones which it still has to
 * read.
 */
class FormatsTest {
  private static final long MIB = 1 << 20;
  private static final Instant EVENING = Instant.parse("2026-11-10T20:00:00Z");
  private static final String STUDIO = "studio-token-of-32-characters-0001";

  /** The newest layout of the state, and an older one. */
  private static final int STATE = 2;

  private static final int OLDER_STATE = 1;

  /** What else the controller keeps, and the golden file of each. */
  private static final Map<String, String> GOLDEN =
      Map.of("state-jobs.mv.db", "fill-jobs-v2.img", "state.plan-key", "fill-plan-key.img");

  @TempDir Path folder;
  private final AtomicReference<Catalog> offered = new AtomicReference<>(catalog());
  private final HttpClient http = HttpClient.newHttpClient();
  private final ControlClient client = new ControlClient(Duration.ofSeconds(10));
  private final ControlListener origin;

  FormatsTest() throws IOException {
    origin =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/catalog", _ -> Response.message(offered.get()));
    origin.start();
  }

  @AfterEach
  void stop() {
    client.close();
    http.close();
    origin.close();
  }

  @Test
  void start_onStateAndJobsOfTheseLayouts_goesOnWithAllOfIt() throws Exception {
    golden(STATE);
    goesOn();
  }

  @Test
  void start_onStateOfLayout1_goesOnWithAllOfItAndKeepsACopy() throws Exception {
    golden(OLDER_STATE);
    String before = dump("state");
    goesOn();
    assertEquals(STATE, number("state", "SELECT MAX(version) FROM schema_version"));
    assertEquals(0, number("state", "SELECT COUNT(*) FROM ledger_day"));
    unpack("state.layout-1.zip", "state.mv.db");
    assertEquals(before, dump("back"));
  }

  @Test
  void start_onStateOfLayout1WithALedgerOfItsOwn_keepsTheLedger() throws Exception {
    golden(OLDER_STATE);
    // As the releases made it that had a ledger and no number for it in the schema's.
    change("state", "CREATE TABLE ledger_layout (version INT NOT NULL)");
    change("state", "INSERT INTO ledger_layout VALUES (1)");
    change(
        "state",
        "CREATE TABLE ledger_cause (day_name VARCHAR(10) NOT NULL, appliance VARCHAR(63) NOT NULL,"
            + " label VARCHAR(40) NOT NULL, bytes BIGINT NOT NULL,"
            + " PRIMARY KEY (day_name, appliance, label))");
    change("state", "INSERT INTO ledger_cause VALUES ('2026-11-10', 'n-1', 'nearest', 7)");
    start("interval: 1h").close();
    assertEquals(7, number("state", "SELECT SUM(bytes) FROM ledger_cause"));
    assertEquals(
        0,
        number(
            "state",
            "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'LEDGER_LAYOUT'"));
  }

  private void goesOn() throws Exception {
    // What the origin offers now is not asked for: what was kept is to be seen.
    try (FillController controller = start("interval: 1h")) {
      FillStatus status = client.get(uri(controller, "v1/status"), FillStatus.class);
      assertEquals("golden", status.catalog().version());
      assertEquals(1, status.calendar().announced());
      Plans plans = client.get(uri(controller, "v1/plans"), Plans.class);
      assertEquals(1, plans.applied());
      assertEquals(2, plans.plans().size());
      assertEquals(
          PlanHead.State.DRAFT,
          plans.plans().stream().filter(it -> it.version() == 2).findFirst().orElseThrow().state());
      FillManifest manifest = client.get(uri(controller, "v1/manifests/n-1"), FillManifest.class);
      assertTrue(manifest.entries().size() > 3, manifest::toString);
      Explanation why =
          client.get(
              uri(controller, "v1/plans/why?file=t-3/a.mp4&appliance=n-1"), Explanation.class);
      assertTrue(why.toString().contains("t-3"), why::toString);
      Json triggers = Json.parse(asStudio(controller, "GET", "v1/triggers", "").body());
      assertEquals(1, triggers.at("triggers").items().size(), triggers::toString);
      await()
          .until(
              () ->
                  Json.parse(asStudio(controller, "GET", "v1/engine", "").body())
                      .at("fault")
                      .text("none")
                      .isEmpty());
      client.post(uri(controller, "v1/plans/2/apply?evict=true"), Map.of());
      assertEquals(2, client.get(uri(controller, "v1/plans"), Plans.class).applied());
    }
    assertEquals(1, number("state-jobs", "SELECT COUNT(*) FROM fill_plan WHERE version > 0"));
    assertTrue(number("state-jobs", "SELECT COUNT(*) FROM fill_job") > 3);
    assertTrue(number("state", "SELECT SUM(bytes) FROM demand") > 0);
  }

  @Test
  void plan_thatSaysMoreThanThisReleaseKnows_isToldAsAnotherReleases() throws Exception {
    golden(STATE);
    // As a later release would have written and signed it.
    byte[] content = unzipped(document("plan/2"));
    String more = new String(content, UTF_8).replaceFirst("\\{", "{\"weather\":\"fair\",");
    Json head = Json.parse(document("plan-head/2"));
    String digest = sha256(more.getBytes(UTF_8));
    store("plan/2", zipped(more.getBytes(UTF_8)));
    store("plan-head/2", head.toString().replace(head.at("digest").text(), digest).getBytes(UTF_8));
    try (FillController controller = start("interval: 1h")) {
      IOException refused =
          assertThrows(
              IOException.class,
              () -> client.post(uri(controller, "v1/plans/2/apply?evict=true"), Map.of()));
      String text = String.valueOf(refused.getMessage());
      assertTrue(text.contains(": 409 "), text);
      assertTrue(text.contains("plan 2 was made by another release"), text);
      assertEquals(1, client.get(uri(controller, "v1/plans"), Plans.class).applied());
    }
  }

  @Test
  void start_onStateOfANewerLayout_isRefusedAndLeavesEveryTable() throws Exception {
    golden(STATE);
    change("state", "UPDATE schema_version SET version = 7");
    change("state", "CREATE TABLE of_layout_7 (what INT)");
    assertRefused("the database " + folder.resolve("state.mv.db"), 7, STATE);
  }

  @Test
  void start_onJobsOfANewerLayout_isRefusedAndLeavesEveryTable() throws Exception {
    golden(STATE);
    change("state-jobs", "INSERT INTO fill_layout (version) VALUES (3)");
    change("state-jobs", "ALTER TABLE fill_job ADD COLUMN of_layout_3 INT DEFAULT 5 NOT NULL");
    assertRefused("the database of jobs " + folder.resolve("state-jobs.mv.db"), 3, 2);
  }

  @Test
  void start_onJobsOfLayout1_keepsACopyThatTheOlderReleaseCanRead() throws Exception {
    golden(STATE);
    change("state-jobs", "DELETE FROM fill_layout");
    change("state-jobs", "INSERT INTO fill_layout (version) VALUES (1)");
    change("state-jobs", "ALTER TABLE fill_job DROP COLUMN plan_version");
    String before = dump("state-jobs");
    start("interval: 1h").close();
    assertEquals(2, number("state-jobs", "SELECT MAX(version) FROM fill_layout"));
    unpack("state-jobs.layout-1.zip", "state-jobs.mv.db");
    assertEquals(before, dump("back"));
  }

  private void unpack(String copy, String what) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(folder.resolve(copy)))) {
      ZipEntry entry = zip.getNextEntry();
      assertEquals(what, entry == null ? "" : entry.getName());
      Files.write(folder.resolve("back.mv.db"), zip.readAllBytes());
    }
  }

  private void assertRefused(String place, int found, int known) throws Exception {
    Map<String, String> before = new TreeMap<>();
    for (String name : List.of("state", "state-jobs")) {
      before.put(name, dump(name));
    }
    NewerDataException refused =
        assertThrows(NewerDataException.class, () -> start("interval: 1h").close());
    String text = String.valueOf(refused.getMessage());
    assertTrue(text.startsWith(place + " has layout " + found + " of a newer release"), text);
    assertTrue(text.contains("knows up to " + known + "; run the newer release, or "), text);
    for (String name : before.keySet()) {
      assertEquals(before.get(name), dump(name));
    }
  }

  private void golden(int state) throws Exception {
    Map<String, String> all = new TreeMap<>(GOLDEN);
    all.put("state.mv.db", "fill-state-v" + state + ".img");
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, String> each : all.entrySet()) {
      try (InputStream in = FormatsTest.class.getResourceAsStream("/golden/" + each.getValue())) {
        if (in == null) {
          missing.add(each.getKey());
        } else {
          Files.write(folder.resolve(each.getKey()), unzipped(in.readAllBytes()));
        }
      }
    }
    if (!missing.contains("state.plan-key")) {
      Files.setPosixFilePermissions(
          folder.resolve("state.plan-key"), PosixFilePermissions.fromString("rw-------"));
    }
    if (!missing.isEmpty()) {
      // With the key that there is, but without rows of before.
      Files.deleteIfExists(folder.resolve("state.mv.db"));
      Files.deleteIfExists(folder.resolve("state-jobs.mv.db"));
      make(all);
    }
  }

  private void make(Map<String, String> all) throws Exception {
    try (FillController controller = start("interval: 50ms")) {
      await()
          .until(
              () ->
                  client.get(uri(controller, "v1/status"), FillStatus.class).catalog().files() > 0);
      for (String id : List.of("n-1", "n-2")) {
        client.post(uri(controller, "v1/heartbeats"), heartbeat(id));
      }
      client.post(uri(controller, "v1/serve-records"), demand());
      Drafted first = client.post(uri(controller, "v1/plans"), Map.of(), Drafted.class);
      assertEquals(1, first.plan().version());
      client.post(uri(controller, "v1/plans/1/apply"), Map.of());
      HttpResponse<byte[]> trigger =
          asStudio(
              controller,
              "POST",
              "v1/triggers",
              "{\"trigger\":{\"type\":\"preposition\",\"content.ccid\":[\"t-5\"]},"
                  + "\"cdn-path\":[\"AS64496:1\"]}");
      assertEquals(201, trigger.statusCode(), new String(trigger.body(), UTF_8));
      HttpResponse<byte[]> release =
          asStudio(
              controller,
              "PUT",
              "v1/releases/t-1",
              "{\"title\": \"t-1\", \"releaseAt\": \"2026-11-12T18:00:00Z\", \"kind\": \"film\","
                  + " \"audience\": 400}");
      assertEquals(200, release.statusCode(), new String(release.body(), UTF_8));
      client.post(uri(controller, "v1/plans"), Map.of());
      await()
          .until(
              () ->
                  Json.parse(asStudio(controller, "GET", "v1/engine", "").body())
                          .at("plan")
                          .number()
                      > 0);
    }
    for (String name : List.of("state", "state-jobs")) {
      change(name, "SHUTDOWN COMPACT");
    }
    for (Map.Entry<String, String> each : all.entrySet()) {
      Path seen = Path.of("target", "golden", each.getValue());
      Files.createDirectories(seen.getParent());
      Files.write(seen, zipped(Files.readAllBytes(folder.resolve(each.getKey()))));
    }
    fail("golden files are missing; see target/golden for those of this release");
  }

  private FillController start(String interval) throws IOException, ConfigException {
    Files.writeString(folder.resolve("studio"), STUDIO + "\n");
    String yaml =
        """
        listen: 127.0.0.1:0
        database: %s
        origin: {catalog: "%s", content: "%s", %s}
        regions: [{id: north-net, prefixes: [10.1.0.0/16], sites: [north]}]
        fillRate: 1MB
        settle: 0s
        lease: 5min
        triggers:
          cdnId: "AS64500:edge"
          owners:
            - {name: studio, token: %s, content: [{url: "https://video.example/", prefix: t-5/}]}
        """
            .formatted(
                folder.resolve("state"),
                origin.endpoint().http("catalog"),
                origin.endpoint().http("content"),
                interval,
                folder.resolve("studio"));
    return FillController.start(
        ConfigFile.parse("fill.yaml", yaml, FillConfig.class), () -> EVENING, System::nanoTime);
  }

  private HttpResponse<byte[]> asStudio(
      FillController controller, String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(controller, path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Authorization", "Bearer " + STUDIO)
            .header("Content-Type", "application/cdni; ptype=ci-trigger-command")
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private static Heartbeat heartbeat(String id) {
    return new Heartbeat(
        new ApplianceId(id),
        new SiteId("north"),
        new Endpoint(id, 8440),
        "boot",
        1,
        EVENING,
        new Health(false, 0, 100, 0, 1_000_000),
        100 * MIB,
        0,
        0);
  }

  private static ServeRecords demand() {
    List<ServeRecord> records = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      records.add(
          new ServeRecord(
              EVENING.minusSeconds(60),
              ContentId.ofPath("t-" + i + "/a.mp4"),
              "10.1.7.0",
              206,
              0,
              400 * MIB / (1 + i),
              true,
              900,
              "part"));
    }
    return new ServeRecords(new ApplianceId("origin"), "boot", 1, 0, records);
  }

  private static Catalog catalog() {
    List<CatalogEntry> files = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      files.add(
          new CatalogEntry(
              "t-" + i + "/a.mp4", "t-" + i, 10 * MIB, "ab".repeat(32), "video/mp4", EVENING));
    }
    return new Catalog("golden", files);
  }

  private static URI uri(FillController controller, String path) {
    return controller.endpoint().http(path);
  }

  private Connection database(String name) throws SQLException {
    return DriverManager.getConnection("jdbc:h2:file:" + folder.resolve(name), "sa", "");
  }

  private void change(String name, String sql) throws SQLException {
    try (Connection connection = database(name);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String name, String sql) throws SQLException {
    try (Connection connection = database(name);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : -1;
    }
  }

  /** All of a database, as statements that would make it again. */
  private String dump(String name) throws SQLException {
    StringBuilder all = new StringBuilder();
    try (Connection connection = database(name);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SCRIPT")) {
      while (rows.next()) {
        all.append(rows.getString(1)).append('\n');
      }
    }
    assertFalse(all.isEmpty());
    return all.toString();
  }

  private byte[] document(String name) throws SQLException {
    try (Connection connection = database("state");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT json FROM document WHERE name = '" + name + "'")) {
      assertTrue(rows.next(), name);
      return rows.getBytes(1);
    }
  }

  private void store(String name, byte[] json) throws SQLException {
    try (Connection connection = database("state");
        var update = connection.prepareStatement("UPDATE document SET json = ? WHERE name = ?")) {
      update.setBytes(1, json);
      update.setString(2, name);
      assertEquals(1, update.executeUpdate());
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] unzipped(byte[] packed) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return in.readAllBytes();
    }
  }

  private static byte[] zipped(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }
}
