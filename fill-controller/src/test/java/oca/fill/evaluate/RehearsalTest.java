package oca.fill.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import oca.fill.evaluate.Rehearsal.Disk;
import oca.fill.evaluate.Rehearsal.Score;
import oca.fill.forecast.Plays;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final List<String> EXPERTS = List.of("wrong", "middle", "right");
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");
  private static final int FILES = 40;

  @Test
  void best_noDays_isTheSecond() {
    Rehearsal rehearsal = rehearsal(10, 10);
    assertEquals(1, rehearsal.best(0));
    assertEquals("middle", score(rehearsal, NORTH).followed());
    assertEquals(0, score(rehearsal, NORTH).days());
    assertTrue(score(rehearsal, NORTH).served().isEmpty());
  }

  @Test
  void best_anExpertKnowsWhatComes_isFollowedWhereItDoes() {
    Rehearsal rehearsal = rehearsal(10, 10);
    for (int day = 0; day < 12; day++) {
      day(rehearsal, 0, day % FILES);
    }
    assertEquals(2, rehearsal.best(0));
    assertEquals(1, rehearsal.best(1), "a region of which nothing is known");
    Score score = score(rehearsal, NORTH);
    assertEquals(9, score.days(), "a quarter of the days fills the disks");
    assertEquals(1.0, score.served().get("right"), 1e-9);
    assertTrue(score.served().get("wrong") < 0.5, score::toString);
    assertEquals("middle", score(rehearsal, SOUTH).followed());
  }

  @Test
  void best_budgetForNothing_noExpertLeads() {
    Rehearsal rehearsal = rehearsal(10, 0);
    for (int day = 0; day < 12; day++) {
      day(rehearsal, 0, day % FILES);
    }
    assertEquals(1, rehearsal.best(0));
    Score score = score(rehearsal, NORTH);
    assertEquals(score.served().get("wrong"), score.served().get("right"));
  }

  @Test
  void disk_nothingThere_isTheSmallestThereCanBe() {
    assertEquals(new Disk(1, 1), new Disk(0, -5));
  }

  private static Score score(Rehearsal rehearsal, SiteId region) {
    Score score = rehearsal.scores().get(region);
    if (score == null) {
      throw new AssertionError("no score of " + region);
    }
    return score;
  }

  /** A disk for one file of ten bytes. */
  private static Rehearsal rehearsal(long bytes, long budget) {
    Rehearsal rehearsal = new Rehearsal(_ -> new Disk(bytes, budget), 1.1);
    long[] sizes = new long[FILES];
    Arrays.fill(sizes, 10);
    rehearsal.begin(EXPERTS, List.of(NORTH, SOUTH), sizes, 12);
    return rehearsal;
  }

  /** Everybody asks for one file, which the third expert alone knew. */
  private static void day(Rehearsal rehearsal, int region, int file) {
    for (int expert = 0; expert < EXPERTS.size(); expert++) {
      float[] plays = new float[FILES];
      plays[expert == 2 ? file : FILES - 1] = expert == 1 ? 0 : 5;
      rehearsal.expect(region, expert, plays);
    }
    rehearsal.came(region, new Plays(new int[] {file}, new double[] {5}));
  }
}
