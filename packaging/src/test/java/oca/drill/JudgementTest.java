package oca.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import oca.drill.Drill.Limits;
import oca.drill.Judgement.Outcome;
import org.junit.jupiter.api.Test;

class JudgementTest {
  private static final Drill DRILL =
      new Drill(
          "kill",
          "nobody <notices>",
          "one",
          new Limits(0.1, 0.5, 0.2),
          Optional.empty(),
          Faults.steps(Faults::nothing, Faults::nothing));

  @Test
  void of_withinTheLimits_holds() {
    Judgement judgement =
        Judgement.of(DRILL, sight(0, 0, 0, 0.1), sight(10, 0, 50, 0.3), false, 900, 20);
    assertEquals(Outcome.HELD, judgement.outcome());
    assertEquals(List.of(), judgement.reasons());
    assertFalse(judgement.isBad());
  }

  @Test
  void of_eachLimitExceeded_isBrokenAndSaysByWhat() {
    assertBroken(sight(11, 0, 0, 0.1), "share of sessions that failed: 0.11");
    assertBroken(sight(0, 0, 51, 0.1), "seconds that a session stood still: 0.51");
    assertBroken(sight(0, 0, 0, 0.31), "share of bytes from the origin: 0.31");
    assertBroken(sight(0, 1, 0, 0.1), "1 wrong bytes");
  }

  @Test
  void of_whatWasLostWithoutTheFault_isNotCounted() {
    Sight same = sight(50, 0, 400, 0.9);
    assertEquals(Outcome.HELD, Judgement.of(DRILL, same, same, false, 1, 1).outcome());
  }

  @Test
  void of_notWholeAgainOrGivenUp_isBad() {
    Sight good = sight(0, 0, 0, 0);
    Judgement never = Judgement.of(DRILL, good, good, false, 1, -1);
    assertEquals(Outcome.BROKEN, never.outcome());
    assertEquals(List.of("the fleet was not whole again in time"), never.reasons());
    assertTrue(Judgement.of(DRILL, good, good, true, 1, 1).isBad());
    assertFalse(Judgement.notRun(DRILL, "no strace").isBad());
  }

  @Test
  void with_whatWasForetold_isBrokenWhenItIsOffByMoreThanTwoPoints() {
    Sight good = sight(0, 0, 0, 0);
    Judgement held = Judgement.of(DRILL, good, good, false, 1, 1);
    Foretold near = new Foretold("bytes from south", 60, 61.9);
    Foretold far = new Foretold("bytes from the origin", 12, 9.9);
    assertEquals(Outcome.HELD, held.with(List.of(near)).outcome());
    assertEquals(List.of(near), held.with(List.of(near)).foretold());
    Judgement broken = held.with(List.of(near, far));
    assertEquals(Outcome.BROKEN, broken.outcome());
    assertEquals(
        List.of("bytes from the origin: 12.0 % foretold, 9.9 % measured"), broken.reasons());
    assertEquals(Outcome.BROKEN, held.without("no records").outcome());
    assertEquals(
        Outcome.ABORTED, Judgement.of(DRILL, good, good, true, 1, 1).with(List.of(far)).outcome());
  }

  @Test
  void report_withWhatWasForetold_hasATableOfIt() throws IOException {
    Sight good = sight(0, 0, 0, 0);
    Judgement held =
        Judgement.of(DRILL, good, good, false, 1, 1)
            .with(List.of(new Foretold("bytes from south", 60, 61.9)));
    Report report = new Report("2026-01-01T00:00:00Z", "a machine", "a command", List.of(held));
    assertTrue(
        report.markdown().contains("| kill | bytes from south | 60.0 % | 61.9 % | 1.9 |"),
        report.markdown());
    assertTrue(new String(report.html(), StandardCharsets.UTF_8).contains("<td>61.9 %"));
    assertEquals(report, Report.read(report.json()));
  }

  @Test
  void report_inAllForms_tellsEachDrill() {
    Judgement broken = Judgement.of(DRILL, sight(0, 0, 0, 0), sight(0, 3, 0, 0), true, 1, 1);
    Report report =
        new Report(
            "2026-01-01T00:00:00Z",
            "a machine",
            "a command",
            List.of(broken, Judgement.notRun(DRILL, "no")));
    assertFalse(report.isGood());
    assertTrue(report.markdown().contains("| kill | one | aborted: 3 wrong bytes |"));
    String html = new String(report.html(), StandardCharsets.UTF_8);
    assertTrue(html.contains("nobody &lt;notices>"), html);
    assertTrue(html.contains("<tr class=aborted>"), html);
    assertTrue(new String(report.json(), StandardCharsets.UTF_8).contains("\"NOT_RUN\""));
  }

  @Test
  void report_withALaterRun_takesWhatItDidNotRunAndDoesNotKnow() {
    Sight good = sight(0, 0, 0, 0);
    Judgement held = Judgement.of(DRILL, good, good, false, 1, 1);
    Report none = new Report("2026-01-01T00:00:00Z", "a machine", "one", List.of());
    Report notRun =
        new Report(
            "2026-01-01T00:00:00Z", "a machine", "one", List.of(Judgement.notRun(DRILL, "no")));
    Report later = new Report("2026-01-02T00:00:00Z", "a machine", "two", List.of(held));
    assertEquals(List.of(held), none.with(later).judgements());
    assertEquals(List.of(held), notRun.with(later).judgements());
    assertEquals(List.of(held), later.with(notRun).judgements());
  }

  @Test
  void scorecard_ofWhatWasWritten_hasFailuresToo() throws IOException {
    Sight good = sight(0, 0, 0, 0);
    Report report =
        new Report(
            "2026-01-01T00:00:00Z",
            "a machine",
            "a command",
            List.of(
                Judgement.of(DRILL, good, sight(50, 0, 0, 0), false, 1, 1),
                Judgement.of(DRILL, good, good, false, 1, 1)));
    String card = Report.read(report.json()).scorecard();
    assertEquals(report.scorecard(), card);
    assertTrue(card.contains("2 drills: 1 held, 1 broken or aborted, 0 not run."), card);
    assertTrue(card.contains("a command") && card.contains("a machine"), card);
    assertTrue(card.contains("**kill** (broken: share of sessions that failed: 0.50"), card);
  }

  @Test
  void drills_all_haveNamesOfTheirOwn() {
    Set<String> names = new HashSet<>();
    for (Drill drill : Drills.all()) {
      assertTrue(drill.name().matches("[a-z]+(-[a-z]+)+"), drill.name());
      assertTrue(names.add(drill.name()), drill.name());
      assertEquals(Optional.of(drill.scope()), Drills.named(drill.name()).map(Drill::scope));
    }
    assertEquals(Optional.empty(), Drills.named("none"));
  }

  private static void assertBroken(Sight disturbed, String reason) {
    Judgement judgement = Judgement.of(DRILL, sight(0, 0, 0, 0.1), disturbed, false, 1, 1);
    assertEquals(Outcome.BROKEN, judgement.outcome());
    assertTrue(judgement.reasons().getFirst().startsWith(reason), judgement.reasons().toString());
  }

  /** Of a hundred sessions. */
  private static Sight sight(int failed, long wrong, double lateSeconds, double origin) {
    return new Sight(
        100,
        failed,
        1000,
        wrong,
        1000,
        Map.of(Sight.ORIGIN, Math.round(1000 * origin)),
        0,
        0,
        lateSeconds,
        1,
        2,
        List.of());
  }
}
