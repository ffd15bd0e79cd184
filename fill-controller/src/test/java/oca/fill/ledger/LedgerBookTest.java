package oca.fill.ledger;

import static oca.fill.ledger.LedgerStage.DAY;
import static oca.fill.ledger.LedgerStage.NOON;
import static oca.fill.ledger.LedgerStage.record;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.Inventory;
import oca.protocol.Json;
import oca.protocol.ServeRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a day's ledger says, and that nothing changes it afterwards. */
class LedgerBookTest {
  @TempDir Path folder;
  private LedgerStage stage;

  @BeforeEach
  void open() throws IOException {
    stage = new LedgerStage(folder);
  }

  @AfterEach
  void stop() {
    stage.stop();
  }

  @Test
  void day_ofRecords_sumsByApplianceSiteAndInAll() throws IOException {
    stage.send("n-1", 1, 2, record(NOON, 1000), record(NOON.minusSeconds(60), 500));
    stage.send("n-2", 1, 0, record(NOON, 10, LedgerStage.PEER, "disk", 0, "f"));
    stage.send("o-1", 1, 0, record(NOON, 300));
    stage.send("m-1", 1, 0, record(NOON, 200, LedgerStage.VIEWER, ServeRecord.PROXIED, 0, "f"));
    LedgerContent content = stage.closed(DAY).content();
    assertEquals(2000, content.total().bytes());
    assertEquals(500, content.total().beyondBytes(), "of an origin, or fetched for the answer");
    assertEquals(10, content.total().otherBytes());
    assertEquals(4, content.total().responses());
    assertEquals(2, content.total().doubt().droppedRecords());
    assertEquals(
        List.of("m-site", "n-site", "o-site"),
        content.sites().stream().map(LedgerContent.Site::site).toList());
    assertEquals(
        List.of("m-1 false", "n-1 false", "n-2 false", "o-1 true"),
        content.appliances().stream().map(it -> it.appliance() + " " + it.origin()).toList());
    assertEquals(1, content.number());
    assertEquals("", content.before());
    assertEquals(List.of(), content.corrections());
  }

  @Test
  void day_ofRates_tellsThePeakAndThe95thPercentile() throws IOException {
    for (int i = 0; i < 288; i++) {
      long bytes = i < 14 ? 3_000_000 : i == 100 ? 30_000_000 : 1_500_000;
      Instant at = Instant.parse("2026-11-10T00:00:00Z").plusSeconds(300L * i + 100);
      stage.now = at;
      stage.send("n-1", i + 1, 0, record(at, bytes));
    }
    LedgerLine total = stage.closed(DAY).content().total();
    assertEquals(30_000_000L * 8 / 300, total.peakBitsPerSecond());
    assertEquals(3_000_000L * 8 / 300, total.p95BitsPerSecond());
  }

  @Test
  void day_ofALongAnswer_spreadsItOverItsTime() throws IOException {
    long micros = Duration.ofHours(2).toNanos() / 1000;
    stage.send("n-1", 1, 0, record(NOON, 24_000_000, LedgerStage.VIEWER, "disk", micros, "f"));
    stage.send("o-1", 1, 0, record(NOON, 99_000_000));
    LedgerLine total = stage.closed(DAY).content().total();
    assertEquals(26_667, total.peakBitsPerSecond(), "what is from beyond shaves none");
    assertEquals(26_667, total.p95BitsPerSecond());
  }

  @Test
  void record_late_correctsInTheNextDayAndChangesNothingSigned() throws IOException {
    stage.send("n-1", 1, 0, record(NOON, 1000));
    stage.closed(DAY);
    byte[] before = stage.book.day(DAY.toString()).orElseThrow();
    stage.send("n-1", 2, 0, record(NOON, 70), record(NOON, 7, LedgerStage.PEER, "disk", 0, "f"));
    stage.send("n-1", 3, 0, record(stage.now, 5));
    assertArrayEquals(before, stage.book.day(DAY.toString()).orElseThrow());
    LedgerContent next = stage.closed(DAY.plusDays(1)).content();
    assertEquals(5, next.total().bytes());
    assertEquals(
        List.of(new LedgerContent.Correction("n-1", "n-site", DAY.toString(), 70, 0, 7, 1)),
        next.corrections());
    assertEquals(List.of(), stage.problems(stage.documents()));
  }

  @Test
  void record_inTheGraceOfItsDay_countsInIt() throws IOException {
    stage.send("n-1", 1, 0, record(NOON, 1000));
    stage.now = stage.days.ends(DAY).plusSeconds(3000);
    assertEquals(List.of(), stage.close());
    stage.send("n-1", 2, 0, record(NOON, 70), record(stage.now, 5));
    assertEquals(1070, stage.closed(DAY).content().total().bytes());
  }

  @Test
  void record_fromTheFutureOrMalformed_isCountedAsSuch() throws IOException {
    stage.send(
        "n-1",
        1,
        0,
        record(NOON.plusSeconds(86_400 * 40), 9),
        record(NOON, -5),
        record(NOON, 5, LedgerStage.VIEWER, "disk", -1, "f"),
        record(NOON, 5, LedgerStage.VIEWER, "disk", Long.MAX_VALUE, "f"));
    LedgerLine total = stage.closed(DAY).content().total();
    assertEquals(14, total.bytes());
    assertEquals(new LedgerLine.Doubt(0, 1, 2, 0), total.doubt());
  }

  @Test
  void batch_doubled_countsOnce() throws IOException {
    assertTrue(stage.send("n-1", 1, 3, record(NOON, 1000)));
    assertFalse(stage.send("n-1", 1, 3, record(NOON, 1000)));
    LedgerLine total = stage.closed(DAY).content().total();
    assertEquals(1000, total.bytes());
    assertEquals(3, total.doubt().droppedRecords());
  }

  @Test
  void labels_ofOpenDays_standByCauseAndThoseOfClosedDaysAreTold() throws IOException {
    stage.send("n-1", 1, 0, record(NOON, 1000));
    assertEquals(
        0,
        stage.book.label(
            Map.of(
                new LedgerBook.Cause(DAY, "n-1", "nearest"), 600L,
                new LedgerBook.Cause(DAY, "n-1", "content"), 200L,
                new LedgerBook.Cause(DAY, "n-1", "fill pending"), 100L)));
    LedgerLine total = stage.closed(DAY).content().total();
    assertEquals(Map.of("nearest", 600L, "content", 200L, "fill pending", 100L), total.causes());
    assertEquals(300, total.contentBytes());
    assertEquals(100, total.unlabelledBytes());
    assertEquals(50, stage.book.label(Map.of(new LedgerBook.Cause(DAY, "n-1", "nearest"), 50L)));
  }

  @Test
  void fills_byKindAndWindow_areSummed() throws IOException {
    stage.filled("n-1", "a", 100, 30, NOON, true);
    stage.filled("n-1", "b", 1000, 1000, NOON, false);
    assertEquals(
        new LedgerLine.Fill(30, 1000, 70, 0, 2, 0), stage.closed(DAY).content().total().fill());
    stage.filled("n-1", "c", 5, 5, NOON, true);
    LedgerLine next = stage.closed(DAY.plusDays(1)).content().total();
    assertEquals(1, next.doubt().lateFills());
    assertEquals(5, next.fill().originBytesInWindow());
  }

  @Test
  void waste_takenOutUnservedOrAged_isTold() throws IOException {
    for (String file : List.of("served", "evicted", "kept", "again")) {
      stage.filled("n-1", file, 100, 0, NOON, true);
    }
    stage.send("n-1", 1, 0, record(NOON, 1, LedgerStage.VIEWER, "disk", 0, "served"));
    Inventory held = inventory("kept", "again");
    stage.book.take(held, "s", NOON.plusSeconds(60));
    assertEquals(0, stage.book.open(DAY).wasted().evictedFiles(), "the inventory may be older");
    stage.book.take(held, "s", NOON.plusSeconds(3600));
    stage.book.take(held, "s", NOON.plusSeconds(3700));
    assertEquals(
        new LedgerLine.Wasted(1, 100, 0, 0, 0), stage.closed(DAY).content().total().wasted());
    stage.filled("n-1", "again", 50, 0, stage.now, true);
    stage.closed(DAY.plusDays(1));
    stage.closed(DAY.plusDays(2));
    assertEquals(
        new LedgerLine.Wasted(0, 0, 1, 100, 0),
        stage.closed(DAY.plusDays(3)).content().total().wasted());
    assertEquals(
        new LedgerLine.Wasted(0, 0, 1, 50, 0),
        stage.closed(DAY.plusDays(4)).content().total().wasted());
  }

  private static Inventory inventory(String... files) {
    return new Inventory(
        new ApplianceId("n-1"),
        "boot",
        1,
        java.util.Arrays.stream(files).map(ContentId::ofPath).toList());
  }

  @Test
  void limits_ofAppliancesFilesAndDays_areKept() throws IOException {
    stage.stop();
    LedgerRules small = new LedgerRules(Duration.ofHours(1), 3, 2, 1, 3);
    stage = new LedgerStage(folder.resolve("small"), small, ZoneId.of("UTC"));
    for (int i = 1; i <= 5; i++) {
      stage.send("n-" + i, 1, 0, record(NOON, 10));
    }
    stage.filled("n-1", "a", 5, 0, NOON, true);
    stage.filled("n-1", "b", 5, 0, NOON, true);
    LedgerContent content = stage.closed(DAY).content();
    assertEquals(
        List.of("*", "n-1", "n-2"),
        content.appliances().stream().map(LedgerContent.Appliance::appliance).toList());
    assertEquals(50, content.total().bytes());
    assertEquals(1, content.total().wasted().untrackedFiles());
    for (int i = 1; i <= 6; i++) {
      stage.closed(DAY.plusDays(i));
    }
    assertEquals(3, stage.book.closed().size());
    assertEquals(List.of(), stage.problems(stage.documents()), "the chain begins later");
    stage.now = stage.now.plus(Duration.ofDays(1000));
    assertTrue(stage.close().size() <= 4, "years of rest are not made up");
    assertEquals(List.of(), stage.problems(stage.documents()));
  }

  @Test
  void days_inAZoneWithASwitch_areAsLongAsTheyAre() throws IOException {
    stage.stop();
    stage = new LedgerStage(folder.resolve("zone"), LedgerStage.RULES, ZoneId.of("Europe/Berlin"));
    java.time.LocalDate longDay = java.time.LocalDate.parse("2026-10-25");
    assertEquals(300, stage.days.intervals(longDay));
    stage.now = Instant.parse("2026-10-25T22:59:00Z");
    stage.send("n-1", 1, 0, record(stage.now, 300_000));
    assertEquals(8000, stage.closed(longDay).content().total().peakBitsPerSecond());
  }

  @Test
  void check_ofAlteredMissingOrForeignDays_saysWhich() throws Exception {
    for (int i = 0; i < 4; i++) {
      stage.now = NOON.plus(Duration.ofDays(i));
      stage.send("n-1", i + 1, 0, record(stage.now, 1000));
    }
    stage.closed(DAY.plusDays(3));
    List<Json> all = stage.documents();
    assertEquals(4, all.size());
    assertEquals(List.of(), stage.problems(all));
    assertEquals(List.of(), stage.problems(all.reversed()));
    assertEquals(List.of(), stage.problems(all.subList(1, 3)));

    List<Json> altered = new ArrayList<>(all);
    altered.set(1, LedgerStage.altered(all.get(1), "\"bytes\":1000", "\"bytes\":1001"));
    List<String> problems = stage.problems(altered);
    assertTrue(problems.stream().anyMatch(it -> it.startsWith("2026-11-11 was altered")));
    assertTrue(problems.stream().anyMatch(it -> it.startsWith("2026-11-12 does not follow")));

    assertEquals(
        List.of("1 days are missing between 2026-11-10 and 2026-11-12"),
        stage.problems(List.of(all.get(0), all.get(2), all.get(3))));
    assertTrue(stage.problems(List.of(all.get(0), all.get(0))).getFirst().contains("same number"));

    java.security.KeyPair other =
        java.security.KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    assertEquals(4, LedgerCheck.problems(all, LedgerStage.publicKey(other)).size());
    assertEquals(4, LedgerCheck.problems(all, "no key").size());
  }

  @Test
  void check_ofADayOfANewerRelease_seesThatItIsWhole() throws Exception {
    stage.send("n-1", 1, 0, record(NOON, 1000));
    stage.closed(DAY);
    Json day = stage.documents().getFirst();
    Json more = LedgerStage.altered(day, "\"format\":1", "\"format\":2,\"new\":[1,\"é\"]");
    assertTrue(stage.problems(List.of(more)).getFirst().contains("was altered"));
  }

  @Test
  void csv_ofADay_hasARowForEach() throws IOException {
    stage.send("n-1", 1, 0, record(NOON, 1000));
    stage.book.label(Map.of(new LedgerBook.Cause(DAY, "n-1", "nearest"), 600L));
    stage.closed(DAY);
    List<String> lines = LedgerCsv.of(stage.documents().getFirst()).lines().toList();
    assertEquals(4, lines.size());
    assertTrue(lines.getFirst().endsWith(",cause.nearest"));
    assertTrue(lines.get(1).startsWith("2026-11-10,total,,,1000,0,0,1,"));
    assertTrue(lines.get(3).startsWith("2026-11-10,appliance,n-site,n-1,1000,"));
    int columns = lines.getFirst().split(",", -1).length;
    assertTrue(lines.stream().allMatch(it -> it.split(",", -1).length == columns));
  }
}
