package oca.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import oca.drill.Drill.Limits;
import oca.drill.Judgement.Outcome;
import org.junit.jupiter.api.Test;

/** The course of a drill, on a ground that does what a test wants. */
class TrialTest {
  private static final Sight GOOD = sight(20, 0, 0);

  private final CountDownLatch stop = new CountDownLatch(1);
  private final Ground ground = new Ground();

  /** Tells what was done to it. */
  private static class Ground implements Trial.Ground {
    final List<String> done = new ArrayList<>();
    boolean fails;
    boolean cannotPrepare;
    boolean lasts;
    volatile boolean hurts;
    Sight hurt = GOOD;
    List<Foretold> foretold = List.of();
    boolean cannotTell;

    @Override
    public boolean isWhole() {
      return !hurts;
    }

    @Override
    public String victim() {
      return "north-1";
    }

    @Override
    public Sight play(long seed, CountDownLatch end) throws InterruptedException {
      done.add("play");
      if (hurts && lasts) {
        assertTrue(end.await(20, TimeUnit.SECONDS), "nobody ended it");
      }
      return now();
    }

    @Override
    public Sight now() {
      return hurts ? hurt : GOOD;
    }

    @Override
    public void prepare(Drill drill) throws IOException {
      done.add("prepare");
      if (cannotPrepare) {
        throw new IOException("no such program");
      }
    }

    @Override
    public void inject(Drill drill) throws IOException {
      done.add("inject");
      hurts = true;
      if (fails) {
        throw new IOException("not permitted");
      }
    }

    @Override
    public void revert(Drill drill) {
      done.add("revert");
      hurts = false;
    }

    @Override
    public List<Foretold> foretold(Drill drill) throws IOException {
      if (cannotTell) {
        throw new IOException("no records");
      }
      return foretold;
    }
  }

  private static Sight sight(int sessions, int failed, long wrong) {
    return new Sight(
        sessions, failed, 100, wrong, 1000, Map.of("north-1", 1000L), 1000, 0, 0, 1, 2, List.of());
  }

  private Judgement run(Limits limits) throws InterruptedException {
    Drill drill =
        new Drill(
            "one",
            "nothing happens",
            "nothing",
            limits,
            Optional.empty(),
            Faults.steps(Faults::nothing, Faults::nothing));
    return new Trial(ground, Guard.DEFAULT, Duration.ofMillis(200), stop, _ -> {}).run(drill);
  }

  @Test
  void run_nobodyIsHurt_isHeldAndUndone() throws InterruptedException {
    Judgement judgement = run(Limits.UNSEEN);
    assertEquals(Outcome.HELD, judgement.outcome());
    assertEquals(List.of("prepare", "play", "inject", "play", "revert"), ground.done);
  }

  @Test
  void run_halfOfTheSessionsFail_isEndedBeforeItsTimeAndUndone() throws InterruptedException {
    ground.lasts = true;
    ground.hurt = sight(20, 11, 0);
    Judgement judgement = run(new Limits(1, 9, 1));
    assertEquals(Outcome.ABORTED, judgement.outcome());
    assertTrue(judgement.isBad());
    assertEquals("revert", ground.done.getLast());
    assertFalse(ground.hurts);
  }

  @Test
  void run_oneWrongByte_isEndedBeforeItsTimeAndUndone() throws InterruptedException {
    ground.lasts = true;
    ground.hurt = sight(20, 0, 1);
    assertEquals(Outcome.ABORTED, run(new Limits(1, 9, 1)).outcome());
    assertFalse(ground.hurts);
  }

  @Test
  void run_halted_isUndoneAndNotAborted() throws InterruptedException {
    ground.lasts = true;
    Thread.ofVirtual()
        .start(
            () -> {
              while (!ground.hurts) {
                Thread.onSpinWait();
              }
              stop.countDown();
            });
    assertEquals(List.of("stopped during it"), run(Limits.UNSEEN).reasons());
    assertFalse(ground.hurts);
  }

  @Test
  void run_faultFailsHalfway_isUndoneAndNotJudged() throws InterruptedException {
    ground.fails = true;
    Judgement judgement = run(Limits.UNSEEN);
    assertEquals(Outcome.NOT_RUN, judgement.outcome());
    assertEquals(List.of("the fault could not be done: not permitted"), judgement.reasons());
    assertFalse(ground.hurts);
  }

  @Test
  void run_cannotBePrepared_isUndoneAndNotJudged() throws InterruptedException {
    ground.cannotPrepare = true;
    assertEquals(Outcome.NOT_RUN, run(Limits.UNSEEN).outcome());
    assertEquals(List.of("prepare", "revert"), ground.done);
  }

  @Test
  void run_neverWholeAgain_isBroken() throws InterruptedException {
    Trial.Ground broken =
        new Ground() {
          @Override
          public boolean isWhole() {
            return !done.contains("revert");
          }
        };
    Drill drill =
        new Drill(
            "one",
            "nothing happens",
            "nothing",
            Limits.UNSEEN,
            Optional.empty(),
            Faults.steps(Faults::nothing, Faults::nothing));
    Judgement judgement =
        new Trial(broken, Guard.DEFAULT, Duration.ofMillis(200), stop, _ -> {}).run(drill);
    assertEquals(Outcome.BROKEN, judgement.outcome());
  }

  @Test
  void run_foretoldOtherwise_isBroken() throws InterruptedException {
    ground.foretold = List.of(new Foretold("bytes from south", 40, 43));
    Judgement judgement = run(Limits.UNSEEN);
    assertEquals(Outcome.BROKEN, judgement.outcome());
    assertEquals(ground.foretold, judgement.foretold());
  }

  @Test
  void run_whatWasForetoldCannotBeTold_isBrokenAndSaysWhy() throws InterruptedException {
    ground.cannotTell = true;
    assertEquals(
        List.of("what was foretold cannot be told: no records"), run(Limits.UNSEEN).reasons());
  }

  @Test
  void isReached_tooFewToTell_isFalse() {
    assertFalse(Guard.DEFAULT.isReached(sight(10, 9, 0)));
    assertFalse(Guard.DEFAULT.isReached(sight(20, 10, 0)));
    assertTrue(Guard.DEFAULT.isReached(sight(19, 10, 0)));
  }
}
