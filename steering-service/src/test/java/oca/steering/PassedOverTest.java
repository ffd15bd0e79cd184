package oca.steering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.List;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.steering.fleet.Beats;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.rank.Ask;
import oca.steering.rank.Decision;
import oca.steering.rank.Ranker;
import oca.steering.rank.Reason;
import oca.steering.rank.Rules;
import oca.steering.rank.Shares;
import oca.steering.rank.Site;
import org.junit.jupiter.api.Test;

class PassedOverTest {
  private final HeartbeatIntake intake =
      new HeartbeatIntake(() -> 0, new HeartbeatIntake.Limits(100, 100, 10_000), "origin");
  private final Ranker ranker =
      new Ranker(
          List.of(new Site(new SiteId("north"), 53.55, 10.00)),
          new Rules(0.05, 3, 0.5, 1.25, 0.1, Duration.ZERO),
          new Endpoint("127.0.0.10", 8440));

  @Test
  void judge_decisionsOffered_countsOneOfThemByReason() {
    intake.heartbeat(Beats.of("n-1", "north", "127.0.0.11").beat(1, 1));
    intake.heartbeat(Beats.of("n-2", "north", "127.0.0.12").beat(1, 1, true, 1));
    PassedOver passedOver = new PassedOver();
    passedOver.judge();
    assertEquals(0, passedOver.judged());
    Decision decision = decide();
    assertSame(decision, passedOver.offer(decision));
    passedOver.offer(decide());
    passedOver.judge();
    passedOver.judge();
    assertEquals(1, passedOver.judged());
    assertEquals(1, passedOver.count(Reason.DRAINING));
    assertEquals(1, passedOver.count(Reason.NO_ROUTE));
    assertEquals(0, passedOver.count(Reason.CHOSEN));
  }

  private Decision decide() {
    Ask ask = new Ask("t", List.of(ContentId.ofPath("a")), Ask.Form.URLS, null, 0);
    return ranker.decide(null, ask, intake.snapshot(), Shares.ALL, 0);
  }
}
