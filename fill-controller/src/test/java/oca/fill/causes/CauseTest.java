package oca.fill.causes;

import static oca.fill.causes.Made.NORTH;
import static oca.fill.causes.Made.answer;
import static oca.fill.causes.Made.named;
import static oca.fill.causes.Made.passed;
import static oca.fill.causes.Made.served;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import oca.model.ApplianceId;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecord.Content;
import oca.protocol.SteeringRecord.Named;
import oca.protocol.SteeringRecord.Why;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One response, and what its label is. */
class CauseTest {
  private final Attribution attribution = new Attribution(Rules.DEFAULT);
  private long sequence;

  @Test
  void label_servedByTheNearestSite_isNearest() {
    told(answer(0, NORTH, List.of(named("n-1"))));
    assertEquals(Label.NEAREST, label(served(1, "n-1", 100)));
    assertEquals(Label.NEAREST, label(served(1, "n-2", 100)), "another appliance of it will do");
  }

  @ParameterizedTest
  @CsvSource({
    "LEASE_EXPIRED, HELD, LEASE",
    "UNHEALTHY, HELD, HEALTH",
    "DRAINING, HELD, DRAIN",
    "NO_HEADROOM, HELD, FULL",
    "OTHER_PORT, HELD, POLICY",
    "WARMING, HELD, WARMING",
    "BEYOND_LIMIT, HELD, LEASE",
    "OTHER, HELD, UNKNOWN",
    "NOT_HELD, MISSING, CONTENT",
    "DRAINING, MISSING, CONTENT",
    "UNKNOWN_TITLE, MISSING, CONTENT",
    "FILLING, FILLING, FILL_PENDING",
    "NOT_HELD, UNTOLD, WARMING",
    "LEASE_EXPIRED, UNTOLD, LEASE"
  })
  void label_answerSendsAway_isWhatTheAnswerSaysOfTheNearest(Why why, Content content, Label is) {
    told(answer(0, NORTH, List.of(named("s-1")), passed("n-1", why, content)));
    assertEquals(is, label(served(1, "s-1", 100)));
    assertEquals(is, label(served(1, "origin", 100)));
  }

  @Test
  void label_severalAtTheNearest_isOfTheHolderThatCameFurthest() {
    told(
        answer(
            0,
            NORTH,
            List.of(named("s-1")),
            passed("n-1", Why.LEASE_EXPIRED, Content.HELD),
            passed("n-2", Why.NO_HEADROOM, Content.HELD),
            passed("n-3", Why.DRAINING, Content.MISSING)));
    assertEquals(Label.FULL, label(served(1, "s-1", 100)));
  }

  @Test
  void label_nobodyHolds_isOfTheOneThatTellsMost() {
    told(
        answer(
            0,
            NORTH,
            List.of(named("s-1")),
            passed("n-1", Why.LEASE_EXPIRED, Content.UNTOLD),
            passed("n-2", Why.NOT_HELD, Content.MISSING)));
    assertEquals(Label.CONTENT, label(served(1, "s-1", 100)), "long silent says nothing");
    told(
        answer(
            2,
            NORTH,
            List.of(named("s-1")),
            passed("n-1", Why.NOT_HELD, Content.UNTOLD),
            passed("n-2", Why.NOT_HELD, Content.MISSING)));
    assertEquals(Label.WARMING, label(served(3, "s-1", 100)));
  }

  @Test
  void label_nearestIsLateAndNamedBehindOthers_isLease() {
    told(answer(0, NORTH, List.of(named("s-1"), named("n-1"))));
    assertEquals(Label.LEASE, label(served(1, "s-1", 100)));
  }

  @Test
  void label_nearestIsNamedAsTheLastResort_isLease() {
    told(answer(0, NORTH, List.of(new Named(new ApplianceId("n-1"), NORTH, 40_000, true))));
    assertEquals(Label.LEASE, label(served(1, "origin", 100)));
    assertEquals(Label.NEAREST, label(served(1, "n-1", 100)), "it was there after all");
    told(answer(2, NORTH, List.of(named("n-1"))));
    assertEquals(Label.PLAYER, label(served(3, "origin", 100)));
  }

  @Test
  void label_viewerOfNoSite_isPolicy() {
    told(answer(0, null, List.of()));
    assertEquals(Label.POLICY, label(served(1, "origin", 100)));
  }

  @Test
  void label_noAnswer_isUnknown() {
    assertEquals(Label.UNKNOWN, label(served(1, "s-1", 100)));
    told(answer(0, "viewer-2", Made.NETWORK, NORTH, List.of(named("n-1"))));
    assertEquals(
        Label.UNKNOWN,
        label(served(1, "s-1", 100, 206, true, "viewer-1", Made.NETWORK)),
        "another session's answer explains nothing");
  }

  @Test
  void label_ofASession_isByItsAnswersWhateverTheNetwork() {
    told(
        answer(
            0,
            "viewer-1",
            "203.0.113.0",
            NORTH,
            List.of(named("s-1")),
            passed("n-1", Why.DRAINING, Content.HELD)));
    told(answer(0.5, NORTH, List.of(named("n-1"))));
    assertEquals(Label.DRAIN, label(served(1, "s-1", 100, 206, true, "viewer-1", Made.NETWORK)));
  }

  @Test
  void label_twoViewersOfOneNetwork_isByTheAnswerThatNamesTheServer() {
    told(answer(0, NORTH, List.of(named("s-1")), passed("n-1", Why.NO_HEADROOM, Content.HELD)));
    told(answer(1, NORTH, List.of(named("n-1"))));
    assertEquals(Label.FULL, label(served(2, "s-1", 100)));
  }

  @Test
  void label_toldOfTheNearestAndWentElsewhere_isThePlayersChoice() {
    told(answer(0, NORTH, List.of(named("n-1"), named("s-1"))));
    assertEquals(Label.PLAYER, label(served(1, "s-1", 100)));
    assertEquals(Label.PLAYER, label(served(1, "s-9", 100)), "not even named");
  }

  @ParameterizedTest
  @CsvSource({
    "404, true, STALE_STEERING",
    "503, true, FULL",
    "403, true, POLICY",
    "500, true, HEALTH",
    "206, false, HEALTH"
  })
  void label_nearestFailedBefore_isWhatItAnswered(int status, boolean complete, Label is) {
    told(answer(0, NORTH, List.of(named("n-1"), named("s-1"))));
    took(served(0.5, "n-1", 0, status, complete, null, Made.NETWORK));
    assertEquals(is, label(served(1, "s-1", 100)));
  }

  @Test
  void label_nearestFellSilentAfterTheAnswer_isWhatTheNextAnswerSays() {
    told(answer(0, NORTH, List.of(named("n-1"), named("s-1"))));
    told(answer(20, NORTH, List.of(named("s-1")), passed("n-1", Why.LEASE_EXPIRED, Content.HELD)));
    assertEquals(Label.LEASE, label(served(10, "s-1", 100)));
  }

  @Test
  void label_answerOutOfDate_isByAFreshOneOrElseItsAge() {
    told(answer(0, NORTH, List.of(named("s-1")), passed("n-1", Why.NO_HEADROOM, Content.HELD)));
    assertEquals(Label.FULL, label(served(50, "s-1", 100)), "within grace");
    assertEquals(Label.STALE_STEERING, label(served(200, "s-1", 100)), "nobody asked since");
    told(answer(300, null, "203.0.113.0", NORTH, List.of(named("n-1"))));
    assertEquals(Label.STALE_STEERING, label(served(310, "s-1", 100)), "it would be near now");
    told(
        answer(
            400,
            null,
            "203.0.113.0",
            NORTH,
            List.of(named("s-1")),
            passed("n-1", Why.DRAINING, Content.HELD)));
    assertEquals(Label.DRAIN, label(served(410, "s-1", 100)), "a fresh one sends away too");
  }

  @Test
  void label_nearestServesItAllTheTime_isStaleWhateverSteeringBelieves() {
    told(answer(0, NORTH, List.of(named("s-1")), passed("n-1", Why.NOT_HELD, Content.MISSING)));
    took(served(-20, "n-1", 100, 206, true, null, "203.0.113.0"));
    took(served(20, "n-1", 100, 206, true, null, "203.0.113.0"));
    assertEquals(Label.STALE_STEERING, label(served(1, "s-1", 100)));
  }

  private void told(SteeringRecord answer) {
    attribution.take(
        Made.batch(++sequence, List.of(answer)), SteeringRecord::key, answer.at().plusSeconds(1));
  }

  private void took(Served served) {
    attribution.take(
        served.server(), "boot", ++sequence, 0, List.of(served), served.ended().plusSeconds(60));
  }

  private Label label(Served served) {
    took(served);
    for (Labelled labelled : attribution.finish()) {
      if (labelled.served().equals(served)) {
        return labelled.label();
      }
    }
    throw new AssertionError("no label for " + served);
  }
}
