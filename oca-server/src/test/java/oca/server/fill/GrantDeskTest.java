package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillAsk;
import oca.protocol.FillGrant;
import oca.protocol.FillGrant.Grant;
import oca.protocol.FillGrant.Stop;
import oca.protocol.FillProgress;
import oca.protocol.FillProgress.State;
import oca.protocol.FillReport;
import oca.server.fill.GrantConfig.Use;
import org.junit.jupiter.api.Test;

class GrantDeskTest {
  private static final CatalogEntry A = file("a");
  private static final CatalogEntry B = file("b");

  private final AtomicLong nanos = new AtomicLong(5);
  private final GrantDesk desk = new GrantDesk(config(Use.PREFERRED), nanos::get);

  @Test
  void take_grants_areInHandInTheirOrderWithTheirGeneration() {
    assertEquals(List.of(B.id(), A.id()), told(4, grant(2, 9, 1, B), grant(1, 9, 1, A)));
    assertEquals(List.of(B.id(), A.id()), List.copyOf(desk.files()));
    assertEquals(new Grants.Writer(1, 9), desk.writer(A));
    assertNull(
        desk.writer(new CatalogEntry("a", "t", 9, "b".repeat(64), "video/mp4", A.modified())));
    FillAsk ask = desk.ask(FillFixture.APPLIANCE, "boot", 3, file -> file.equals(A.id()) ? 7 : 0);
    assertEquals(4, ask.heard());
    assertEquals(3, ask.room());
    assertEquals(
        List.of(new FillAsk.Running(2, 9, 1, 0), new FillAsk.Running(1, 9, 1, 7)), ask.running());
  }

  @Test
  void take_whatIsNotNewerThanWhatWasSeen_isIgnored() {
    told(1, grant(1, 9, 2, A));
    assertEquals(List.of(), told(1, grant(1, 9, 2, A)), "told twice");
    assertEquals(List.of(), told(1, grant(1, 9, 1, A)), "an older attempt");
    assertEquals(List.of(), told(1, grant(1, 8, 3, A)), "of a controller that lost its lease");
    desk.ended(result(A, true));
    acknowledge();
    assertEquals(List.of(), told(1, grant(1, 9, 2, A)), "also after its end");
    assertEquals(List.of(A.id()), told(1, grant(1, 9, 3, A)));
    assertEquals(List.of(A.id()), told(1, grant(1, 10, 3, A)));
  }

  @Test
  void take_stop_isObeyedWhenItIsOfThisGrantAndNotOlder() {
    told(1, grant(1, 9, 2, A));
    stopped(new Stop(1, 9, 1, 9));
    stopped(new Stop(1, 9, 2, 8));
    assertNotNull(desk.writer(A));
    stopped(new Stop(1, 9, 2, 10));
    assertNull(desk.writer(A));
    assertEquals(0, desk.inHand());
  }

  @Test
  void ended_once_isToldUntilItIsAcknowledged() {
    told(1, grant(1, 9, 1, A), grant(2, 9, 1, B));
    assertEquals(List.of(), desk.progress(true, _ -> 0));
    desk.ended(result(A, false));
    desk.settle(file -> file.equals(B.id()));
    List<FillProgress.Item> ends = desk.progress(true, _ -> 5);
    assertEquals(List.of(State.FAILED, State.HELD), ends.stream().map(it -> it.state()).toList());
    assertEquals("no", ends.getFirst().reason());
    assertEquals(List.of(), List.copyOf(desk.files()));
    assertEquals(2, desk.inHand(), "until it is acknowledged");
    told(1, grant(1, 9, 2, A));
    desk.acknowledged(ends);
    assertEquals(List.of(A.id()), List.copyOf(desk.files()), "the next try is not acknowledged");
    desk.unwanted(A.id());
    assertEquals(0, desk.inHand());
  }

  @Test
  void inForce_nobodyAnswersForLongerThanPatience_endsUntilSomebodyDoes() {
    assertTrue(desk.inForce());
    nanos.addAndGet(Duration.ofSeconds(31).toNanos());
    assertFalse(desk.inForce());
    told(0);
    assertTrue(desk.inForce());
    GrantDesk required = new GrantDesk(config(Use.REQUIRED), nanos::get);
    GrantDesk off = new GrantDesk(config(Use.OFF), nanos::get);
    assertFalse(off.inForce());
    nanos.addAndGet(Duration.ofDays(31).toNanos());
    assertTrue(required.inForce());
  }

  private List<ContentId> told(long number, Grant... grants) {
    return desk.take(new FillGrant(FillFixture.APPLIANCE, number, List.of(grants), List.of()));
  }

  private void stopped(Stop stop) {
    desk.take(new FillGrant(FillFixture.APPLIANCE, 1, List.of(), List.of(stop)));
  }

  private void acknowledge() {
    desk.acknowledged(desk.progress(true, _ -> 0));
  }

  private static GrantConfig config(Use use) {
    return new GrantConfig(
        use,
        Duration.ofSeconds(30),
        Duration.ofSeconds(4),
        2,
        100,
        Duration.ofSeconds(5),
        List.of());
  }

  private static Grant grant(long job, long generation, int attempt, CatalogEntry file) {
    return new Grant(job, generation, attempt, file.path(), file.sha256());
  }

  private static FillReport.Result result(CatalogEntry file, boolean filled) {
    return new FillReport.Result(
        FillFixture.OPENS,
        1,
        file.id(),
        filled,
        filled ? FillReport.Source.PEER : FillReport.Source.NONE,
        9,
        3,
        filled ? "" : "no",
        Map.of(),
        List.of());
  }

  private static CatalogEntry file(String path) {
    return new CatalogEntry(path, "t", 9, "a".repeat(64), "video/mp4", FillFixture.OPENS);
  }
}
