package oca.fill.causes;

import static oca.fill.causes.Made.NORTH;
import static oca.fill.causes.Made.T0;
import static oca.fill.causes.Made.served;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Sums by all dimensions, and that they stay exact where there is no room for them apart. */
class MissLedgerTest {
  private final MissLedger ledger = new MissLedger(48, 100);

  @Test
  void report_byLabel_hasMissesAndRatios() {
    ledger.add(
        List.of(
            of(Label.NEAREST, "n-1", 600),
            of(Label.CONTENT, "s-1", 200),
            of(Label.FILL_PENDING, "origin", 100),
            of(Label.UNKNOWN, "x-1", 100)));
    MissReport report = report(Dimension.LABEL);
    MissReport.Sum total = report.total();
    assertEquals(1000, total.bytes());
    assertEquals(600, total.nearest());
    assertEquals(300, total.missed());
    assertEquals(100, total.unknown());
    assertEquals(0.3, total.contentShed());
    assertEquals(0.9, total.offload());
    assertEquals(List.of("content"), report.rows().getFirst().key());
    assertEquals(4, report.rows().size());
  }

  @Test
  void report_withBitrate_tellsHours() {
    long hour = 4_000_000L / 8 * 3600;
    Served told = served(0, "s-1", hour, 206, true, "viewer-1", Made.NETWORK);
    ledger.add(List.of(new Labelled(told, Label.FULL, NORTH), of(Label.NEAREST, "n-1", 5)));
    MissReport.Sum total = report(Dimension.LABEL).total();
    assertEquals(1, total.missedHours(), 1e-9);
    assertEquals(hour, total.timedBytes());
  }

  @Test
  void report_only_leavesOutWhatIsOtherwise() {
    ledger.add(List.of(of(Label.NEAREST, "n-1", 600), of(Label.CONTENT, "s-1", 200)));
    MissQuery query =
        new MissQuery(
            List.of(Dimension.APPLIANCE, Dimension.TITLE),
            T0.minusSeconds(60),
            T0.plusSeconds(60),
            Map.of(Dimension.LABEL, "content"),
            10);
    MissReport report = ledger.report(query);
    assertEquals(200, report.total().bytes());
    assertEquals(List.of("s-1", "aurora"), report.rows().getFirst().key());
  }

  @Test
  void csv_oddNames_areQuotedAndNoFormulas() {
    Served odd =
        new Served(
            served(0, "s-1", 5).server(), null, false, "=a \"b\", c", served(0, "s-1", 5).record());
    ledger.add(List.of(new Labelled(odd, Label.PLAYER, NORTH)));
    String csv = report(Dimension.TITLE).csv();
    assertTrue(csv.startsWith("title,bytes,requests,"), csv);
    assertTrue(csv.contains("\r\n\"'=a \"\"b\"\", c\",5,1,"), csv);
  }

  @Test
  void prune_afterTheTime_forgetsHours() {
    ledger.add(List.of(of(Label.NEAREST, "n-1", 600)));
    assertEquals(List.of(), ledger.prune(T0));
    assertEquals(1, ledger.prune(T0.plusSeconds(60 * 3600)).size());
    assertEquals(0, report(Dimension.LABEL).total().bytes());
  }

  /** However few cells there are, no byte is lost, and label and site stay right. */
  @Property(tries = 100)
  void sums_moreThanThereIsRoomFor_stayExact(@ForAll long seed) {
    Random chance = new Random(seed);
    MissLedger small = new MissLedger(48, 1 + chance.nextInt(20));
    List<Labelled> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Label label = List.of(Label.values()).get(chance.nextInt(Label.values().length));
      Served made = served(chance.nextInt(7200), "s-" + chance.nextInt(3), chance.nextInt(1000));
      all.add(
          new Labelled(
              new Served(
                  made.server(),
                  made.site(),
                  made.origin(),
                  "title-" + chance.nextInt(40),
                  made.record()),
              label,
              NORTH));
    }
    small.add(all);
    MissLedger again = new MissLedger(48, 1000);
    small.hours().forEach(hour -> again.restore(small.cells(hour)));
    MissQuery query =
        new MissQuery(
            List.of(Dimension.LABEL), T0.minusSeconds(1), T0.plusSeconds(9000), Map.of(), 100);
    for (MissReport report : List.of(small.report(query), again.report(query))) {
      assertEquals(bytes(all), report.total().bytes(), "seed " + seed);
      for (MissReport.Row row : report.rows()) {
        Label label = Label.of(row.key().getFirst());
        long is = bytes(all.stream().filter(one -> one.label() == label).toList());
        assertEquals(is, row.sum().bytes(), "seed " + seed);
      }
    }
  }

  private MissReport report(Dimension by) {
    return ledger.report(
        new MissQuery(List.of(by), T0.minusSeconds(60), T0.plusSeconds(60), Map.of(), 100));
  }

  private static long bytes(List<Labelled> labelled) {
    return labelled.stream().mapToLong(one -> one.served().record().bodyBytes()).sum();
  }

  private static Labelled of(Label label, String server, long bytes) {
    return new Labelled(served(0, server, bytes), label, NORTH);
  }
}
