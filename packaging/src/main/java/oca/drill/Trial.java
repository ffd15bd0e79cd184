package oca.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import oca.drill.Judgement.Outcome;

/**
 * One drill after the other on one ground: the same viewers without the fault and with it, under a
 * guard, and whatever was done is undone, however it ends.
 */
final class Trial {
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Ground ground;
  private final Guard guard;
  private final Duration wholeWithin;
  private final CountDownLatch stop;
  private final Consumer<String> say;

  /** Where drills are done. */
  interface Ground {
    /** Whether nothing is wrong with it. */
    boolean isWhole();

    /** The appliance that suffers. */
    String victim();

    /**
     * Sends viewers; returns when the last of them has left. No more arrive once {@code end} is
     * open.
     */
    Sight play(long seed, CountDownLatch end) throws InterruptedException;

    /** What they have seen so far. */
    Sight now();

    void prepare(Drill drill) throws IOException, InterruptedException;

    void inject(Drill drill) throws IOException, InterruptedException;

    /** Undoes all of that, also what was only half done. */
    void revert(Drill drill) throws IOException, InterruptedException;

    /**
     * What was foretold of the fault from what was recorded of the viewers before it, beside what
     * was found of those during it. Nothing of most faults.
     *
     * @throws IOException when it cannot be told
     */
    default List<Foretold> foretold(Drill drill) throws IOException, InterruptedException {
      return List.of();
    }
  }

  /**
   * @param stop open: undo what was done and end
   */
  Trial(
      Ground ground, Guard guard, Duration wholeWithin, CountDownLatch stop, Consumer<String> say) {
    this.ground = ground;
    this.guard = guard;
    this.wholeWithin = wholeWithin;
    this.stop = stop;
    this.say = say;
  }

  Judgement run(Drill drill) throws InterruptedException {
    if (drill.tool().isPresent() && !isThere(drill.tool().get())) {
      return told(Judgement.notRun(drill, "it needs " + drill.tool().get()));
    }
    if (awaitWhole() < 0) {
      return told(Judgement.notRun(drill, "the fleet was not whole before it"));
    }
    try {
      ground.prepare(drill);
    } catch (IOException | RuntimeException e) {
      revert(drill);
      return told(Judgement.notRun(drill, "it could not be prepared: " + e.getMessage()));
    }
    if (awaitWhole() < 0) {
      revert(drill);
      return told(Judgement.notRun(drill, "the fleet was not whole when it was prepared"));
    }
    long seed = drill.name().hashCode();
    say.accept(drill.name() + ": viewers without the fault");
    Sight undisturbed = ground.play(seed, stop);
    String hindrance =
        stop.getCount() == 0
            ? "stopped before it"
            : undisturbed.share(ground.victim()) == 0
                ? ground.victim() + " served nobody, so nothing would be shown"
                : "";
    if (!hindrance.isEmpty()) {
      revert(drill);
      return told(Judgement.notRun(drill, hindrance));
    }
    return told(disturb(drill, seed, undisturbed));
  }

  private Judgement disturb(Drill drill, long seed, Sight undisturbed) throws InterruptedException {
    say.accept(drill.name() + ": the same viewers during the fault: " + drill.scope());
    long began = System.nanoTime();
    CountDownLatch reached = new CountDownLatch(1);
    Sight disturbed;
    long injected;
    try {
      ground.inject(drill);
      disturbed = playGuarded(seed, reached);
    } catch (IOException | RuntimeException e) {
      return Judgement.notRun(drill, "the fault could not be done: " + e.getMessage());
    } finally {
      injected = System.nanoTime() - began;
      revert(drill);
    }
    long whole = awaitWhole();
    if (stop.getCount() == 0 && reached.getCount() > 0) {
      return Judgement.notRun(drill, "stopped during it");
    }
    Judgement judgement =
        Judgement.of(
            drill, undisturbed, disturbed, reached.getCount() == 0, injected / 1_000_000, whole);
    try {
      return judgement.with(ground.foretold(drill));
    } catch (IOException e) {
      return judgement.without("what was foretold cannot be told: " + e.getMessage());
    }
  }

  /** Nobody arrives any more once the guard is reached, or somebody asks to stop. */
  private Sight playGuarded(long seed, CountDownLatch reached) throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Thread watch =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (end.getCount() > 0) {
                    if (guard.isReached(ground.now())) {
                      reached.countDown();
                      end.countDown();
                    } else if (stop.getCount() == 0) {
                      end.countDown();
                    }
                    LockSupport.parkNanos(LOOK_NANOS);
                  }
                });
    try {
      return ground.play(seed, end);
    } finally {
      end.countDown();
      watch.join();
    }
  }

  private void revert(Drill drill) throws InterruptedException {
    try {
      ground.revert(drill);
    } catch (IOException | RuntimeException e) {
      say.accept(drill.name() + ": could not be undone: " + e.getMessage());
    }
  }

  /** Milliseconds until the ground is whole; -1 when that does not come. */
  private long awaitWhole() throws InterruptedException {
    long began = System.nanoTime();
    do {
      if (ground.isWhole()) {
        return (System.nanoTime() - began) / 1_000_000;
      }
      TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
    } while (System.nanoTime() - began < wholeWithin.toNanos());
    return -1;
  }

  private Judgement told(Judgement judgement) {
    String reasons = String.join("; ", judgement.reasons());
    say.accept(
        judgement.drill()
            + ": "
            + word(judgement.outcome())
            + (reasons.isEmpty() ? "" : ": " + reasons));
    return judgement;
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case HELD -> "held";
      case BROKEN -> "BROKEN";
      case ABORTED -> "ABORTED";
      case NOT_RUN -> "not run";
    };
  }

  private static boolean isThere(String tool) {
    return Pattern.compile(":")
        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
        .filter(folder -> !folder.isEmpty())
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }
}
