package oca.steering.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.ApplianceId;
import org.junit.jupiter.api.Test;

/** Operators' orders in the fleet. */
class OrderTest {
  private static final ApplianceId NORTH_1 = new ApplianceId("north-1");
  private static final Beats NORTH = Beats.of("north-1", "north", "127.0.0.11");

  private final AtomicLong nanos = new AtomicLong();
  private final HeartbeatIntake intake = intake();

  private HeartbeatIntake intake() {
    return new HeartbeatIntake(nanos::get, new HeartbeatIntake.Limits(9, 9, 9), "origin");
  }

  @Test
  void order_beforeTheFirstHeartbeat_countsFromIt() {
    intake.order(NORTH_1, Order.DRAIN);
    intake.heartbeat(NORTH.beat(1, 1));
    assertTrue(member(intake).health().draining());
    assertFalse(member(intake).heartbeat().health().draining(), "what it says is kept apart");
    intake.heartbeat(NORTH.beat(2, 1));
    assertTrue(member(intake).health().draining());
    intake.order(NORTH_1, Order.NONE);
    assertFalse(member(intake).health().draining());
  }

  @Test
  void order_takenBack_leavesWhatTheApplianceSaysItself() {
    intake.heartbeat(NORTH.beat(1, 1, true, 0.5));
    intake.order(NORTH_1, Order.RETIRED);
    assertEquals(0.5, member(intake).health().headroom());
    intake.order(NORTH_1, Order.NONE);
    assertTrue(member(intake).health().draining());
  }

  @Test
  void order_savedAndRestored_isStillInForce() {
    intake.heartbeat(NORTH.beat(1, 1));
    intake.order(NORTH_1, Order.DRAIN);
    HeartbeatIntake next = intake();
    next.restore(intake.record(Instant.EPOCH), Instant.EPOCH, Duration.ofSeconds(5));
    assertEquals(Order.DRAIN, member(next).order());
    next.heartbeat(NORTH.boot("boot-2").beat(1, 1));
    assertEquals(Order.DRAIN, member(next).order());
  }

  @Test
  void order_retiredAndSilent_isNoLoss() {
    for (int i = 0; i < 4; i++) {
      intake.heartbeat(Beats.of("n-" + i, "north", "127.0.0.1").beat(1, 1));
      intake.order(new ApplianceId("n-" + i), i < 3 ? Order.RETIRED : Order.NONE);
    }
    nanos.addAndGet(Duration.ofMillis(2900).toNanos());
    intake.heartbeat(Beats.of("n-3", "north", "127.0.0.1").beat(2, 1));
    intake.tick();
    assertFalse(intake.snapshot().freeze().frozen());
  }

  @Test
  void heartbeat_ofSomebodyNotAdmitted_isRefusedAndCounted() {
    intake.admitOnly(NORTH_1::equals);
    assertEquals(Verdict.ACCEPTED, intake.heartbeat(NORTH.beat(1, 1)).verdict());
    Beats other = Beats.of("north-2", "north", "127.0.0.12");
    assertEquals(Verdict.UNREGISTERED, intake.heartbeat(other.beat(1, 1)).verdict());
    assertEquals(1, intake.heartbeats(Verdict.UNREGISTERED));
    assertEquals(1, intake.snapshot().members().size());
  }

  @Test
  void of_label_isItsInverse() {
    for (Order order : Order.values()) {
      assertEquals(order, Order.of(order.label()));
    }
    assertThrows(IllegalArgumentException.class, () -> Order.of("sideways"));
  }

  private static Member member(HeartbeatIntake intake) {
    Member member = intake.snapshot().member(NORTH_1);
    assertNotNull(member);
    return member;
  }
}
