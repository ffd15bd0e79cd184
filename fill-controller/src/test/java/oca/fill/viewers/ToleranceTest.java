package oca.fill.viewers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import oca.fill.viewers.Concern.Finding;
import oca.fill.viewers.Concern.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ToleranceTest {
  private static final Tolerance TOLERANCE =
      new Tolerance(0.05, 0.02, 0.01, Duration.ofMillis(500), 20);
  private static final Instant NOON = Instant.parse("2026-11-11T12:00:00Z");

  @Test
  void findings_allWell_areNone() {
    assertEquals(List.of(), ids(figure(1000, 1000, 10, 20, 50, 500_000L)));
  }

  @Test
  void findings_beyondEachTolerance_areNamed() {
    assertEquals(
        List.of("failed n", "starved n", "late n", "first byte n"),
        ids(figure(1000, 1000, 11, 21, 51, 1_000_000L)));
  }

  @Test
  void findings_ofTooFewResponses_areNone() {
    assertEquals(List.of(), ids(figure(19, 19, 19, 19, 1000, 1_000_000L)));
  }

  @Test
  void findings_fewPlayersTell_sayNothingOfThem() {
    assertEquals(List.of(), ids(figure(1000, 19, 0, 19, 1000, null)));
  }

  @Test
  void tolerance_outOfRange_isRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new Tolerance(0, 1, 1, Duration.ofMillis(1), 1));
    assertThrows(
        IllegalArgumentException.class, () -> new Tolerance(1, 1, 1.1, Duration.ofMillis(1), 1));
    assertThrows(IllegalArgumentException.class, () -> new Tolerance(1, 1, 1, Duration.ZERO, 1));
  }

  @Test
  void concerns_lasting_keepTheirBeginUntilTheyAreOver() {
    Concerns concerns = new Concerns();
    Finding late = new Finding("late n", Level.VIEWERS, "late", "look", "");
    Finding plan = new Finding("plan", Level.SOON, "no plan", "cure", "");
    assertEquals(List.of(NOON), begins(concerns.of(List.of(plan), NOON)));
    List<Concern> both = concerns.of(List.of(plan, late), NOON.plusSeconds(60));
    assertEquals(List.of("late n", "plan"), both.stream().map(Concern::id).toList());
    assertEquals(List.of(NOON.plusSeconds(60), NOON), begins(both));
    assertEquals(List.of(), concerns.of(List.of(), NOON.plusSeconds(90)));
    assertEquals(
        List.of(NOON.plusSeconds(120)), begins(concerns.of(List.of(plan), NOON.plusSeconds(120))));
  }

  private static List<Instant> begins(List<Concern> concerns) {
    return concerns.stream().map(Concern::since).toList();
  }

  private static List<String> ids(ViewerFigure figure) {
    return TOLERANCE.findings(new ViewerReport.Site("n", figure)).stream()
        .map(Finding::id)
        .toList();
  }

  private static ViewerFigure figure(
      long responses, long told, long failed, long starved, long late, @Nullable Long p95) {
    return new ViewerFigure(
        0, 0, responses, told, 1000, 0, failed, 0, starved, 1000, late, p95, p95, p95);
  }
}
