package oca.fill.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import oca.fill.state.StateStore;
import oca.fill.state.Stores;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.FillReport;
import oca.protocol.FillReport.OriginReason;
import oca.protocol.FillReport.Result;
import oca.protocol.FillReport.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FillLedgerTest {
  private static final Instant AT = Instant.parse("2026-11-10T02:00:00.123456789Z");
  private static final FillReport REPORT =
      new FillReport(
          new ApplianceId("n-1"),
          List.of(
              result("a", AT, Source.PEER, 100, 10, ""),
              result("b", AT, Source.ORIGIN, 50, 50, ""),
              result("c", AT, Source.NONE, 5, 5, "the origin answered 404")));

  @TempDir Path folder;
  private StateStore store;
  private FillLedger ledger;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.resolve("state"));
    ledger = new FillLedger(store, 5);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** A moment as the database has it. */
  Instant kept(Instant at) {
    return at;
  }

  @Test
  void take_report_isAddedUp() throws IOException {
    assertEquals(3, ledger.take(REPORT));
    assertEquals(
        new FillTotals(
            2,
            1,
            155,
            65,
            90,
            1,
            1,
            0,
            Map.of("master", 0L, "escalated", 65L, "repair", 0L, "bad_peers", 0L, "unstated", 0L),
            3,
            List.of(
                new FillTotals.Failure(
                    kept(AT).toString(),
                    "n-1",
                    ContentId.ofPath("c").toString(),
                    "the origin answered 404"))),
        ledger.totals());
  }

  @Test
  void take_sameReportAgain_countsOnceAlsoAfterReopen() throws IOException {
    ledger.take(REPORT);
    store.close();
    open();
    assertEquals(0, ledger.take(REPORT));
    assertEquals(155, ledger.totals().bytes());
    assertEquals(3, ledger.totals().duplicates());
  }

  @Test
  void take_moreThanIsRemembered_forgetsTheOldest() throws IOException {
    for (int i = 0; i < 9; i++) {
      ledger.take(
          new FillReport(
              new ApplianceId("n-1"),
              List.of(result("f", AT.plusSeconds(i), Source.NONE, 1, 0, "r" + i))));
    }
    assertEquals(
        List.of("r8", "r7", "r6", "r5", "r4"),
        ledger.totals().lastFailures().stream().map(FillTotals.Failure::reason).toList());
    assertEquals(9, ledger.totals().failed());
  }

  private static Result result(
      String path, Instant at, Source source, long bytes, long origin, String reason) {
    return new Result(
        at,
        1,
        ContentId.ofPath(path),
        source != Source.NONE,
        source,
        bytes,
        origin,
        reason,
        origin == 0 ? Map.of() : Map.of(OriginReason.ESCALATED, origin),
        List.of("10.0.0.1:80"));
  }
}
