package oca.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each message against its golden file: what is written today must be read tomorrow. */
class WireTest {
  private static final Instant AT = Instant.parse("2026-11-01T20:15:30.250Z");
  private static final ApplianceId NORTH_1 = new ApplianceId("north-1");
  private static final ContentId FILE = ContentId.ofPath("titles/harbour/v0.mp4");
  private static final ContentId OTHER_FILE = ContentId.ofPath("titles/harbour/v1.mp4");
  private static final CatalogEntry WITHOUT_BLOCKS =
      new CatalogEntry(
          "titles/harbour/v0.mp4", "harbour", 5_000_000_000L, "ab".repeat(32), "video/mp4", AT);
  private static final String LIST = "titles/harbour/v0.mp4.1MiB.blocks";
  private static final CatalogEntry ENTRY =
      new CatalogEntry(
          WITHOUT_BLOCKS.path(),
          WITHOUT_BLOCKS.title(),
          WITHOUT_BLOCKS.length(),
          WITHOUT_BLOCKS.sha256(),
          WITHOUT_BLOCKS.mediaType(),
          AT,
          new BlockList(1 << 20, LIST));
  private static final CatalogEntry LIST_ENTRY =
      new CatalogEntry(LIST, "harbour", 4769 * 32, "cd".repeat(32), "application/octet-stream", AT);
  private static final ServeRecord WITHOUT_PLAYBACK =
      new ServeRecord(AT, FILE, "127.1.0.0", 206, 1_048_576, 65_536, true, 840, "part");
  private static final URI PEER = URI.create("http://127.0.0.12:8440/titles/harbour/v0.mp4");

  static Stream<Object> messages() {
    return Stream.of(
        new Catalog("42", List.of(ENTRY, LIST_ENTRY)),
        new CatalogDelta(
            CatalogDigest.parse("2:" + "0123456789abcdef".repeat(2)),
            "43",
            CatalogDigest.parse("3:" + "fedcba9876543210".repeat(2)),
            List.of("island"),
            List.of(ENTRY, LIST_ENTRY)),
        new ManifestDelta(
            NORTH_1,
            8,
            9,
            "ef".repeat(32),
            new FillManifest.FillWindow(AT, AT.plusSeconds(3600)),
            150_000_000,
            50_000_000L,
            List.of(
                new Piece<>(3, 2, List.of()),
                new Piece<>(
                    0, 0, List.of(FillManifest.Entry.from(WITHOUT_BLOCKS, List.of(PEER)))))),
        new Heartbeat(
            NORTH_1,
            new SiteId("north"),
            new Endpoint("127.0.0.11", 8440),
            "5f1c",
            7,
            AT,
            new Health(false, 12, 1000, 80_000_000, 10_000_000_000L),
            1L << 40,
            1L << 39,
            3,
            InventoryDigest.of(List.of(FILE)),
            List.of(OTHER_FILE),
            86_400_000L),
        new HeartbeatReply(true, 2L).withOrders(),
        new ApplianceOrders(
            NORTH_1,
            List.of(
                new ApplianceOrders.Order(
                    7,
                    List.of(FILE),
                    List.of(
                        Map.of("prefix", "/live/match/", "service", "live", "soft", "false"))))),
        new OrdersReport(
            NORTH_1,
            List.of(
                new OrdersReport.Result(7, ""),
                new OrdersReport.Result(8, "prefix must be a path as requests have it"))),
        new Inventory(NORTH_1, "5f1c", 3, List.of(FILE)),
        new InventoryDelta(NORTH_1, "5f1c", 2, 3, List.of(FILE), List.of(OTHER_FILE)),
        tiered(
            new FillManifest.Entry(
                ENTRY,
                List.of(
                    FillManifest.Source.peer(PEER),
                    new FillManifest.Source(
                        URI.create("http://127.0.0.13:8440/titles/harbour/v0.mp4"),
                        FillManifest.Tier.SITE,
                        600_000),
                    new FillManifest.Source(
                        URI.create("http://127.0.0.10:8440/titles/harbour/v0.mp4"),
                        FillManifest.Tier.ORIGIN,
                        1_800_000)),
                AT.plusSeconds(7200)),
            FillManifest.Entry.from(
                LIST_ENTRY, List.of(URI.create("http://127.0.0.10:8440/" + LIST)))),
        new FillReport(
            NORTH_1,
            List.of(
                new FillReport.Result(
                    AT, 9, FILE, true, FillReport.Source.PEER, 5_000_000_000L, 0, ""),
                new FillReport.Result(
                    AT,
                    9,
                    FILE,
                    false,
                    FillReport.Source.NONE,
                    17,
                    17,
                    "the origin answered 404",
                    Map.of(FillReport.OriginReason.ESCALATED, 17L),
                    List.of("127.0.0.12:8440")))),
        new FillAsk(
            NORTH_1, "5f1c", 4, 17, List.of(new FillAsk.Running(12, 3, 1, 2_500_000_000L)), 4_000),
        new FillGrant(
            NORTH_1,
            18,
            List.of(new FillGrant.Grant(13, 4, 2, ENTRY.path(), ENTRY.sha256())),
            List.of(new FillGrant.Stop(12, 3, 1, 4))),
        new FillProgress(
            NORTH_1,
            List.of(
                new FillProgress.Item(
                    12, 3, 1, FillProgress.State.HELD, 5_000_000_000L, 5_000_000_000L, ""),
                new FillProgress.Item(
                    13, 4, 2, FillProgress.State.FAILED, 0, 17, "the origin answered 404"))),
        new ServeRecords(
            NORTH_1,
            "5f1c",
            2,
            1,
            List.of(
                WITHOUT_PLAYBACK,
                with(
                    new Playback(
                        "6e2fb550-c457-11e9-bb97-0800200c9a66",
                        "harbour",
                        "video",
                        "vod",
                        3200,
                        25_400,
                        21_300,
                        true,
                        false)),
                with(new Playback(null, null, null, null, null, null, null, false, true)))),
        new SteeringRecords(NORTH_1, "5f1c", 2, 1, List.of(steering())),
        new FillRecords(
            NORTH_1,
            "5f1c",
            2,
            1,
            List.of(
                new FillReport.Result(
                    AT, 9, FILE, true, FillReport.Source.PEER, 5_000_000_000L, 0, ""))));
  }

  private static SteeringRecord steering() {
    return new SteeringRecord(
        AT,
        17,
        "6e2fb550-c457-11e9-bb97-0800200c9a66",
        "127.1.0.0",
        "127.1.0.0/16",
        "harbour",
        FILE,
        new SiteId("north"),
        List.of(new SteeringRecord.Named(new ApplianceId("south-1"), new SiteId("south"), 250)),
        List.of(
            new SteeringRecord.Passed(
                NORTH_1,
                new SiteId("north"),
                SteeringRecord.Why.NO_HEADROOM,
                SteeringRecord.Content.HELD,
                400)),
        2,
        30,
        5000,
        false,
        "0123abcd");
  }

  @Test
  void steeringRecord_wordOfANewerSender_isOther() throws IOException {
    String json = new String(Wire.write(steering()), UTF_8).replace("no headroom", "too hot");
    SteeringRecord read = Wire.read(json.getBytes(UTF_8), SteeringRecord.class);
    assertEquals(SteeringRecord.Why.OTHER, read.passed().getFirst().why());
  }

  private static ServeRecord with(Playback playback) {
    return new ServeRecord(
        AT, FILE, "127.1.0.0", 206, 1_114_112, 65_536, true, 910, "part", playback);
  }

  /** As written before block lists were known: still said in the same way when there are none. */
  static Stream<Object> messagesWithoutBlocks() {
    return Stream.of(
        new Catalog("42", List.of(WITHOUT_BLOCKS)),
        manifest(FillManifest.Entry.from(WITHOUT_BLOCKS, List.of(PEER))));
  }

  @ParameterizedTest
  @MethodSource("messagesWithoutBlocks")
  void blocks_absent_isTheOlderMessageBothWays(Object message) throws IOException {
    String golden = golden("without-blocks/", message);
    assertEquals(golden, new String(Wire.writePretty(message), UTF_8));
    assertEquals(message, Wire.read(golden.getBytes(UTF_8), message.getClass()));
  }

  @Test
  void read_blocksNull_isNotAnnounced() throws IOException {
    String json =
        golden("without-blocks/", new Catalog("", List.of()))
            .replace("\"modified\"", "\"blocks\" : null, \"modified\"");
    assertNull(Wire.read(json.getBytes(UTF_8), Catalog.class).files().getFirst().blocks());
  }

  /** As written before inventories had digests and deltas: still read, and said in the same way. */
  static Stream<Object> messagesWithoutDigest() {
    return Stream.of(
        new Heartbeat(
            NORTH_1,
            new SiteId("north"),
            new Endpoint("127.0.0.11", 8440),
            "5f1c",
            7,
            AT,
            new Health(false, 12, 1000, 80_000_000, 10_000_000_000L),
            1L << 40,
            1L << 39,
            3),
        new HeartbeatReply(true));
  }

  @ParameterizedTest
  @MethodSource("messagesWithoutDigest")
  void digest_absent_isTheOlderMessageBothWays(Object message) throws IOException {
    String golden = golden("without-digest/", message);
    assertEquals(golden, new String(Wire.writePretty(message), UTF_8));
    assertEquals(message, Wire.read(golden.getBytes(UTF_8), message.getClass()));
  }

  @Test
  void read_digestOdd_isNamedWithItsPlace() throws IOException {
    String json = golden("", messagesWithoutDigest().findFirst().orElseThrow());
    for (String odd : List.of("1", "1:" + "g".repeat(32), "-1:" + "0".repeat(32), "x")) {
      String wrong = json.replaceFirst("\"1:[0-9a-f]*\"", "\"" + odd + "\"");
      String fault = fault(wrong, Heartbeat.class).getMessage();
      assertTrue(fault.contains("inventoryDigest"), fault);
    }
  }

  /** A fault is said only when there is one: an older receiver knows nothing of it. */
  @Test
  void fault_ofHealth_isWrittenWhenThereIsOneAndCutWhenLong() throws IOException {
    Health well = new Health(false, 12, 1000, 80_000_000, 10_000_000_000L);
    assertEquals(
        golden("unhealthy/", well),
        new String(Wire.writePretty(well.with("no disk serves")), UTF_8));
    assertEquals(
        well.with("no disk serves"),
        Wire.read(golden("unhealthy/", well).getBytes(UTF_8), Health.class));
    String text = new String(Wire.writePretty(well), UTF_8);
    assertTrue(!text.contains("fault"), text);
    assertEquals(well, Wire.read(text.getBytes(UTF_8), Health.class));
    String fault = well.with("x".repeat(Health.MAX_FAULT + 1)).fault();
    assertEquals("x".repeat(Health.MAX_FAULT), fault);
  }

  /** As written before players told of themselves: still said in the same way when they do not. */
  @Test
  void playback_absent_isTheOlderMessageBothWays() throws IOException {
    ServeRecords message = new ServeRecords(NORTH_1, "5f1c", 2, 1, List.of(WITHOUT_PLAYBACK));
    String golden = golden("without-playback/", message);
    assertEquals(golden, new String(Wire.writePretty(message), UTF_8));
    assertEquals(message, Wire.read(golden.getBytes(UTF_8), ServeRecords.class));
    String withNull = golden.replace("\"part\"", "\"part\", \"playback\" : null");
    assertEquals(message, Wire.read(withNull.getBytes(UTF_8), ServeRecords.class));
  }

  @Test
  void read_playbackOddOrIncomplete_isNamedWithItsPlace() throws IOException {
    String json = golden("", new ServeRecords(NORTH_1, "", 1, 0, List.of()));
    String odd = fault(json.replace("3200", "\"fast\""), ServeRecords.class).getMessage();
    assertTrue(odd.contains("records[1].playback.bitrateKbps"), odd);
    String unsaid = fault(json.replace("\"starved\" : true,", ""), ServeRecords.class).getMessage();
    assertTrue(unsaid.contains("records[1].playback"), unsaid);
    assertTrue(unsaid.contains("starved"), unsaid);
  }

  @Test
  void read_blocksIncompleteOrBad_isNamedWithItsPlace() throws IOException {
    String json = golden("", new Catalog("", List.of()));
    String unsized = fault(json.replace("\"size\" : 1048576,", ""), Catalog.class).getMessage();
    assertTrue(unsized.contains("files[0].blocks"), unsized);
    assertTrue(unsized.contains("size"), unsized);
    String odd = fault(json.replace("1048576", "1000"), Catalog.class).getMessage();
    assertTrue(odd.contains("files[0].blocks"), odd);
    assertTrue(odd.contains("a multiple of 4096"), odd);
    String unlisted =
        fault(json.replace("\"harbour\"", "\"h\"").replaceFirst("\"h\"", "\"i\""), Catalog.class)
            .getMessage();
    assertTrue(unlisted.contains(LIST + " of the title h"), unlisted);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void write_message_isItsGoldenFile(Object message) throws IOException {
    assertEquals(golden(message), new String(Wire.writePretty(message), UTF_8));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void read_goldenFile_isTheMessage(Object message) throws IOException {
    assertEquals(message, Wire.read(golden(message).getBytes(UTF_8), message.getClass()));
  }

  /** An older appliance ignores it; an older controller does not say it. */
  @Test
  void heartbeatReply_manifest_isSaidWhenThereIsOne() throws IOException {
    HeartbeatReply reply = new HeartbeatReply(false).withManifest(9);
    assertEquals(
        "{\"inventoryWanted\":false,\"manifestVersion\":9}", new String(Wire.write(reply), UTF_8));
    assertEquals(reply, Wire.read(Wire.write(reply), HeartbeatReply.class));
  }

  @Test
  void read_unknownField_isIgnored() throws WireException {
    byte[] json = "{\"inventoryWanted\":true,\"fromANewerVersion\":{\"a\":[1]}}".getBytes(UTF_8);
    assertEquals(new HeartbeatReply(true), Wire.read(json, HeartbeatReply.class));
  }

  /** Maps aside, whose keys are not fields: what a newer neighbour adds anywhere is not seen. */
  @ParameterizedTest
  @MethodSource("messages")
  void read_unknownFieldInEachObject_isIgnored(Object message) throws IOException {
    String more =
        golden(message)
            .replaceAll(
                "(?<!\"originReasons\" : )(?<!\"purges\" : \\[ )\\{",
                "{\"fromANewerVersion\":{\"a\":[1,null,\"b\"]},");
    assertTrue(more.contains("fromANewerVersion"), more);
    assertEquals(message, Wire.read(more.getBytes(UTF_8), message.getClass()));
  }

  /** What a newer neighbour may choose and this one does not know. */
  @Test
  void read_unknownChoice_isTheOneThatIsSafe() throws IOException {
    String manifest = golden("", tiered()).replace("\"ORIGIN\"", "\"SATELLITE\"");
    assertEquals(
        Wire.read(golden("", tiered()).getBytes(UTF_8), FillManifest.class),
        Wire.read(manifest.getBytes(UTF_8), FillManifest.class));
    String report =
        golden("", new FillReport(NORTH_1, List.of()))
            .replace("\"ESCALATED\"", "\"WEATHER\"")
            .replace("\"PEER\"", "\"TAPE\"");
    List<FillReport.Result> results = Wire.read(report.getBytes(UTF_8), FillReport.class).results();
    assertEquals(FillReport.Source.NONE, results.getFirst().source());
    assertTrue(results.getFirst().filled());
    assertEquals(Map.of(FillReport.OriginReason.UNSTATED, 17L), results.get(1).originReasons());
    String progress =
        golden("", new FillProgress(NORTH_1, List.of())).replace("\"HELD\"", "\"RESTING\"");
    assertEquals(
        FillProgress.State.RUNNING,
        Wire.read(progress.getBytes(UTF_8), FillProgress.class).items().getFirst().state());
  }

  @Test
  void read_missingField_isNamedWithItsPlace() {
    WireException e = fault("{\n \"window\": 3}", HeartbeatReply.class);
    assertTrue(e.getMessage().contains("inventoryWanted"), e.getMessage());
    assertTrue(e.getMessage().startsWith("line 2, column"), e.getMessage());
  }

  @Test
  void read_nullForAText_isRefused() {
    WireException e = fault("{\"version\":null,\"files\":[]}", Catalog.class);
    assertTrue(e.getMessage().contains("version"), e.getMessage());
  }

  @Test
  void read_badIdDeepInside_isNamedWithItsPath() {
    WireException e =
        fault(
            "{\"appliance\":\"a\",\"bootId\":\"b\",\"version\":1,\"held\":[\"xyz\"]}",
            Inventory.class);
    assertTrue(e.getMessage().contains("held[0]"), e.getMessage());
    assertTrue(e.getMessage().contains("not a content id"), e.getMessage());
  }

  @Test
  void read_notJsonOrMore_isRefused() {
    assertTrue(
        fault("{\"inventoryWanted\":tru", HeartbeatReply.class).getMessage().contains("line 1"));
    assertTrue(
        fault("{\"inventoryWanted\":true} x", HeartbeatReply.class)
            .getMessage()
            .contains("line 1"));
    assertTrue(fault("null", HeartbeatReply.class).getMessage().contains("null"));
    fault("[".repeat(10_000), Catalog.class);
  }

  @Test
  void read_cutOffInside_isOneLineWithItsPlace() {
    String message =
        fault("{\"version\":\"1\",\n\"files\":[{\"path\":", Catalog.class).getMessage();
    assertTrue(message.startsWith("line 2, column"), message);
    assertTrue(message.contains("files[0]"), message);
    assertEquals(1, message.lines().count(), message);
  }

  private static WireException fault(String json, Class<?> type) {
    return assertThrows(WireException.class, () -> Wire.read(json.getBytes(UTF_8), type));
  }

  /** As written before sources had tiers: still read, and said in the same way. */
  static Stream<Object> messagesWithoutTiers() {
    return Stream.of(
        manifest(
            FillManifest.Entry.from(ENTRY, List.of(PEER)),
            FillManifest.Entry.from(
                LIST_ENTRY, List.of(URI.create("http://127.0.0.10:8440/" + LIST)))),
        new FillReport(
            NORTH_1,
            List.of(
                new FillReport.Result(
                    AT, 9, FILE, true, FillReport.Source.PEER, 5_000_000_000L, 0, ""),
                new FillReport.Result(
                    AT,
                    9,
                    FILE,
                    false,
                    FillReport.Source.NONE,
                    17,
                    17,
                    "the origin answered 404"))));
  }

  @ParameterizedTest
  @MethodSource("messagesWithoutTiers")
  void tiers_absent_isTheOlderMessageBothWays(Object message) throws IOException {
    String golden = golden("without-tiers/", message);
    assertEquals(golden, new String(Wire.writePretty(message), UTF_8));
    assertEquals(message, Wire.read(golden.getBytes(UTF_8), message.getClass()));
  }

  @Test
  void read_absurdWait_isRefusedWithItsPlace() throws IOException {
    for (String wait :
        List.of("-1", "604800001", "9223372036854775807", "99999999999999999999", "1.5")) {
      String json =
          golden("", tiered()).replace("\"afterMillis\" : 600000", "\"afterMillis\" : " + wait);
      String message = fault(json, FillManifest.class).getMessage();
      assertTrue(message.contains("entries[0].sources[1]"), message);
      assertTrue(message.contains(wait), message);
    }
    String zero = golden("", tiered()).replace("50000000,", "0,");
    assertTrue(fault(zero, FillManifest.class).getMessage().contains("outside"));
  }

  private static FillManifest tiered(FillManifest.Entry... entries) {
    FillManifest plain = manifest(entries);
    return new FillManifest(
        plain.appliance(),
        plain.version(),
        plain.window(),
        plain.bytesPerSecond(),
        50_000_000L,
        plain.entries());
  }

  private static FillManifest manifest(FillManifest.Entry... entries) {
    return new FillManifest(
        NORTH_1,
        9,
        new FillManifest.FillWindow(AT, AT.plusSeconds(3600)),
        150_000_000,
        List.of(entries));
  }

  private static String golden(Object message) throws IOException {
    return golden("", message);
  }

  private static String golden(String folder, Object message) throws IOException {
    String name = "/golden/" + folder + message.getClass().getSimpleName() + ".json";
    try (InputStream in = WireTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no golden file " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
