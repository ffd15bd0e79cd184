package oca.steering.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import oca.model.SiteId;
import org.junit.jupiter.api.Test;

class RosterTest {
  private final HeartbeatIntake intake =
      new HeartbeatIntake(() -> 0, new HeartbeatIntake.Limits(10, 10, 100), "origin");

  @Test
  void roster_heartbeatsAndStarts_isTheSameObject() {
    intake.heartbeat(Beats.of("b-1", "berlin", "h-1").beat(1, 1));
    intake.heartbeat(Beats.of("a-1", "paris", "h-2").beat(1, 1));
    Roster before = intake.snapshot().roster();
    intake.heartbeat(Beats.of("b-1", "berlin", "h-1").beat(2, 1, true, 0.5));
    intake.heartbeat(Beats.of("b-1", "berlin", "h-9").boot("boot-2").beat(1, 1));
    assertSame(before, intake.snapshot().roster());
    assertEquals(2, before.size());
    assertEquals(new SiteId("berlin"), before.site(0));
    assertEquals(new SiteId("paris"), before.site(1));
  }

  @Test
  void roster_somebodyMovesOrComes_isAnother() {
    intake.heartbeat(Beats.of("b-1", "berlin", "h-1").beat(1, 1));
    Roster first = intake.snapshot().roster();
    intake.heartbeat(Beats.of("b-1", "paris", "h-1").beat(2, 1));
    Roster moved = intake.snapshot().roster();
    assertNotSame(first, moved);
    assertEquals(new SiteId("berlin"), first.site(0));
    assertEquals(new SiteId("paris"), moved.site(0));
    intake.heartbeat(Beats.of("c-1", "paris", "h-2").beat(1, 1));
    assertEquals(2, intake.snapshot().roster().size());
  }

  @Test
  void ofPathway_movedHost_onlyTheNewestIsKnown() {
    intake.heartbeat(Beats.of("b-1", "berlin", "h-1").beat(1, 1));
    assertEquals(0, number("b-1"));
    intake.heartbeat(Beats.of("b-1", "berlin", "h-2").beat(2, 1));
    assertEquals(-1, number("b-1"));
    assertEquals(0, number("b-1.2"));
    assertEquals(-1, number("b-1.2.3"));
    assertEquals(-1, number(""));
    assertEquals(-1, number("origin"));
  }

  private int number(String pathway) {
    Member member = intake.snapshot().ofPathway(pathway);
    return member == null ? -1 : member.number();
  }
}
