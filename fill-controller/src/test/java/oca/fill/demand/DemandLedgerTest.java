package oca.fill.demand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import oca.fill.day.DayScale;
import oca.fill.demand.DemandLedger.DayDemand;
import oca.fill.state.StateStore;
import oca.fill.state.Stores;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemandLedgerTest {
  private static final Instant NOW = Instant.parse("2026-11-10T12:30:00Z");
  private static final DayScale WALL = new DayScale(NOW, NOW, Duration.ofDays(1));
  private static final ContentId A = ContentId.ofPath("a");
  private static final ContentId B = ContentId.ofPath("b");
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");
  private static final DemandLedger.Limits LIMITS = new DemandLedger.Limits(3, 2, 4);

  @TempDir Path folder;
  private final Set<ContentId> known = new HashSet<>(Set.of(A));
  private StateStore store;
  private DemandLedger ledger;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.resolve("state"));
    Regions regions =
        new Regions(
            Map.of(NORTH, List.of("10.0.0.0/16"), SOUTH, List.of("10.1.0.0/16")),
            List.of("127.0.0.0/8"));
    ledger = new DemandLedger(store, regions, known::contains, WALL, () -> NOW, LIMITS);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void take_records_countToTheRegionOfTheClient() throws IOException {
    assertTrue(
        ledger.take(
            batch("north-1", "x", 1, served(A, "10.0.1.0", 100), served(A, "10.1.1.0", 7))));
    assertTrue(ledger.take(batch("origin", "y", 1, served(A, "10.0.9.0", 20))));
    assertEquals(
        List.of(new DayDemand(A, NORTH, 0, 120), new DayDemand(A, SOUTH, 0, 7)),
        ledger.history(NOW));
    assertEquals(127, ledger.totals().bytes());
    assertEquals(3, ledger.totals().records());
  }

  @Test
  void take_earlierDays_areDaysAgo() throws IOException {
    ledger.take(
        batch(
            "n",
            "x",
            1,
            served(A, "10.0.1.0", 1, NOW),
            served(A, "10.0.1.0", 2, NOW.minus(Duration.ofHours(23))),
            served(A, "10.0.1.0", 4, NOW.minus(Duration.ofHours(24))),
            served(A, "10.0.1.0", 8, NOW.minus(Duration.ofHours(71))),
            served(A, "10.0.1.0", 16, NOW.minus(Duration.ofHours(72))),
            served(A, "10.0.1.0", 32, NOW.plus(Duration.ofHours(5)))));
    assertEquals(
        List.of(
            new DayDemand(A, NORTH, 0, 35),
            new DayDemand(A, NORTH, 1, 4),
            new DayDemand(A, NORTH, 2, 8)),
        ledger.history(NOW));
    assertEquals(1, ledger.totals().outsideHistory());
  }

  @Test
  void take_sameBatchAgain_countsOnce() throws IOException {
    ServeRecords batch = batch("n", "x", 1, served(A, "10.0.1.0", 100));
    assertTrue(ledger.take(batch));
    assertFalse(ledger.take(batch));
    assertTrue(ledger.take(batch("n", "another boot", 1, served(A, "10.0.1.0", 100))));
    assertTrue(ledger.take(batch("another", "x", 1, served(A, "10.0.1.0", 100))));
    assertEquals(300, ledger.totals().bytes());
    assertEquals(1, ledger.totals().duplicateBatches());
    assertEquals(1, ledger.totals().duplicateRecords());
  }

  @Test
  void take_outOfOrder_countsUnlessTooFarBehind() throws IOException {
    assertTrue(ledger.take(batch("n", "x", 10, served(A, "10.0.1.0", 1))));
    assertTrue(ledger.take(batch("n", "x", 8, served(A, "10.0.1.0", 1))));
    assertFalse(ledger.take(batch("n", "x", 8, served(A, "10.0.1.0", 1))));
    assertFalse(ledger.take(batch("n", "x", 6, served(A, "10.0.1.0", 1))));
    assertEquals(2, ledger.totals().bytes());
  }

  @Test
  void take_anySequences_isWhatRepeatsTells() throws IOException {
    long seed = System.nanoTime();
    Random chance = new Random(seed);
    Repeats repeats = new Repeats(LIMITS.sequencesPerBoot(), List.of());
    for (int i = 0; i < 300; i++) {
      long sequence = chance.nextInt(50) == 0 ? Long.MAX_VALUE - 60 : i / 6 + chance.nextInt(12);
      if (sequence > 1000 && i < 250) {
        continue;
      }
      assertEquals(
          ledger.take(batch("n", "x", sequence)),
          repeats.take(sequence),
          "sequence " + sequence + ", seed " + seed);
      repeats = new Repeats(LIMITS.sequencesPerBoot(), repeats.taken());
    }
  }

  @Test
  void take_afterReopen_remembersDemandAndSequences() throws IOException {
    ServeRecords batch = batch("n", "x", 1, served(A, "10.0.1.0", 100));
    ledger.take(batch);
    store.close();
    open();
    assertFalse(ledger.take(batch));
    assertEquals(List.of(new DayDemand(A, NORTH, 0, 100)), ledger.history(NOW));
  }

  @Test
  void take_unknownFileOrRegion_isKeptApartAndCounted() throws IOException {
    ledger.take(
        batch(
            "n",
            "x",
            1,
            served(B, "10.0.1.0", 5),
            served(A, "192.0.2.0", 6),
            served(A, "127.0.0.0", 7)));
    assertEquals(List.of(), ledger.history(NOW));
    DemandTotals totals = ledger.totals();
    assertEquals(1, totals.unknownFiles());
    assertEquals(1, totals.unknownRegions());
    assertEquals(1, totals.excluded());
    assertEquals(0, totals.apartRefused());
  }

  @Test
  void adopt_fileKnownByNow_becomesDemand() throws IOException {
    ledger.take(batch("n", "x", 1, served(B, "10.0.1.0", 5), served(A, "192.0.2.0", 6)));
    known.add(B);
    assertEquals(1, ledger.adopt());
    assertEquals(0, ledger.adopt());
    assertEquals(List.of(new DayDemand(B, NORTH, 0, 5)), ledger.history(NOW));
    assertEquals(1, ledger.totals().adopted());
  }

  @Test
  void take_moreApartThanThereIsRoomFor_isCounted() throws IOException {
    List<ServeRecord> records = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      records.add(served(ContentId.ofPath("unknown" + i), "10.0.1.0", 1));
    }
    ledger.take(batch("n", "x", 1, records.toArray(ServeRecord[]::new)));
    assertEquals(3, ledger.totals().apartRefused());
  }

  @Test
  void prune_hoursBeyondTheHistory_areForgotten() throws IOException {
    ledger.take(batch("n", "x", 1, served(A, "10.0.1.0", 1)));
    ledger.prune(NOW);
    assertEquals(1, ledger.history(NOW).size());
    ledger.prune(NOW.plus(Duration.ofDays(3)));
    assertEquals(0, ledger.history(NOW).size());
  }

  @Test
  void take_bootIdBeyondReason_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> ledger.take(batch("n", "x".repeat(101), 1)));
  }

  @Test
  void take_zeroCharacters_areRefusedInABootAndTakenOutOfANetwork() throws IOException {
    assertThrows(IllegalArgumentException.class, () -> ledger.take(batch("n", "x\0", 1)));
    assertTrue(ledger.take(batch("n", "x", 1, served(A, "10.9\0", 5))));
    assertEquals(1, ledger.totals().unknownRegions());
  }

  @Test
  void take_manyBatchesAtOnce_areAddedUpAndEachCountsOnce() throws IOException {
    ServeRecords first = batch("n", "x", 1, served(A, "10.0.1.0", 100));
    ServeRecords second = batch("n", "x", 2, served(A, "10.0.1.0", 20), served(A, "10.1.1.0", 3));
    List<ServeRecords> shown = new ArrayList<>();
    assertEquals(
        List.of(true, true, false),
        ledger.take(List.of(first, second, first), (_, batch) -> shown.add(batch)));
    assertEquals(List.of(first, second), shown);
    assertEquals(
        List.of(new DayDemand(A, NORTH, 0, 120), new DayDemand(A, SOUTH, 0, 3)),
        ledger.history(NOW));
    assertEquals(2, ledger.totals().batches());
    assertEquals(3, ledger.totals().records());
    assertEquals(1, ledger.totals().duplicateBatches());
    assertEquals(1, ledger.totals().duplicateRecords());
  }

  private static ServeRecord served(ContentId file, String client, long bytes) {
    return served(file, client, bytes, NOW);
  }

  private static ServeRecord served(ContentId file, String client, long bytes, Instant at) {
    return new ServeRecord(at, file, client, 206, 0, bytes, true, 100, "part");
  }

  private static ServeRecords batch(
      String server, String boot, long sequence, ServeRecord... records) {
    return new ServeRecords(new ApplianceId(server), boot, sequence, 0, List.of(records));
  }
}
