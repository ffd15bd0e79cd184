package oca.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import oca.demo.Demo;
import oca.demo.DemoOptions;
import oca.demo.World;
import oca.drill.Judgement.Outcome;
import oca.model.ApplianceId;

/** Does drills to a fleet of its own, one after the other, and judges each. */
public final class Exercise {
  private static final Duration WHOLE_WITHIN = Duration.ofSeconds(60);
  private static final double GUARD_FAILED = 0.5;
  private static final int GUARD_SESSIONS = 10;

  private final Settings settings;
  private final CountDownLatch stop;
  private final Consumer<String> say;

  /**
   * How drills are done.
   *
   * @param victim the appliance that suffers
   * @param seconds viewers arrive for so long, without the fault and again with it
   * @param perSecond viewers that arrive
   * @param warmDays days of the demo before the first drill, so that appliances hold what is wanted
   */
  public record Settings(ApplianceId victim, int seconds, double perSecond, int warmDays) {
    public Settings {
      if (seconds < 5 || seconds > 600) {
        throw new IllegalArgumentException("a drill lasts 5 to 600 seconds, not " + seconds);
      }
      if (!(perSecond > 0 && perSecond <= 200)) {
        throw new IllegalArgumentException("viewers per second: above 0, at most 200");
      }
    }
  }

  /**
   * @param stop open: undo what was done and end
   * @param say told of each step, in a line
   */
  public Exercise(Settings settings, CountDownLatch stop, Consumer<String> say) {
    this.settings = settings;
    this.stop = stop;
    this.say = say;
  }

  /** Starts a fleet, does the drills to it, ends it. */
  public List<Judgement> run(DemoOptions options, List<Drill> drills)
      throws IOException, InterruptedException {
    World world = new World(options.port());
    try (Relay wire = new Relay(world.steering());
        Demo demo =
            Demo.open(
                options,
                Map.of(
                    settings.victim().value(),
                    "heartbeat: { steering: [\"http://" + wire.endpoint() + "\"] }\n",
                    "fill-controller",
                    "plans: { maxEvictedShare: 0.5 }\n"))) {
      demo.start(stop);
      say.accept("filling the appliances by " + settings.warmDays() + " days of viewers");
      for (int day = 1; day <= settings.warmDays(); day++) {
        if (demo.awaitEndOf(day, stop)) {
          return List.of();
        }
      }
      demo.dismissViewers();
      Stage stage =
          new Stage(
              demo.world(), demo.fleet(), demo.library(), demo.client(), settings.victim(), wire);
      List<Judgement> judgements = new ArrayList<>();
      try (Audience audience = new Audience(demo.world(), demo.library(), settings.perSecond())) {
        for (Drill drill : drills) {
          if (stop.getCount() == 0) {
            break;
          }
          judgements.add(run(drill, stage, audience));
        }
      }
      return judgements;
    }
  }

  private Judgement run(Drill drill, Stage stage, Audience audience) throws InterruptedException {
    if (drill.tool().isPresent() && !isThere(drill.tool().get())) {
      return told(Judgement.notRun(drill, "it needs " + drill.tool().get()));
    }
    if (awaitWhole(stage) < 0) {
      return told(Judgement.notRun(drill, "the fleet was not whole before it"));
    }
    long seed = drill.name().hashCode();
    say.accept(drill.name() + ": viewers without the fault");
    Sight undisturbed = audience.play(seed, settings.seconds(), stop);
    if (stop.getCount() == 0) {
      return told(Judgement.notRun(drill, "stopped before it"));
    }
    if (undisturbed.share(stage.victim()) == 0) {
      return told(
          Judgement.notRun(drill, stage.victim() + " served nobody, so nothing would be shown"));
    }
    say.accept(drill.name() + ": the same viewers during the fault: " + drill.scope());
    long began = System.nanoTime();
    try {
      drill.fault().inject(stage);
    } catch (IOException | RuntimeException e) {
      revert(drill, stage);
      return told(Judgement.notRun(drill, "the fault could not be done: " + e.getMessage()));
    }
    CountDownLatch guard = new CountDownLatch(1);
    Sight disturbed = playGuarded(audience, seed, guard);
    long injected = System.nanoTime() - began;
    long undone = System.nanoTime();
    revert(drill, stage);
    long whole = awaitWhole(stage) < 0 ? -1 : (System.nanoTime() - undone) / 1_000_000;
    return told(
        Judgement.of(
            drill, undisturbed, disturbed, guard.getCount() == 0, injected / 1_000_000, whole));
  }

  /** Lets nobody arrive any more when half of many sessions failed, or a byte was wrong. */
  private Sight playGuarded(Audience audience, long seed, CountDownLatch guard)
      throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Thread watch =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (end.getCount() > 0) {
                    Sight now = audience.now();
                    boolean bad =
                        now.wrongBytes() > 0
                            || (now.failedSessions() >= GUARD_SESSIONS
                                && now.failedShare() > GUARD_FAILED);
                    if (bad || stop.getCount() == 0) {
                      if (bad) {
                        guard.countDown();
                      }
                      end.countDown();
                    }
                    java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
                  }
                });
    Sight seen = audience.play(seed, settings.seconds(), end);
    end.countDown();
    watch.join();
    return seen;
  }

  private void revert(Drill drill, Stage stage) throws InterruptedException {
    try {
      drill.fault().revert(stage);
      stage.endTools();
      stage.restoreAll();
    } catch (IOException | RuntimeException e) {
      say.accept(drill.name() + ": could not be undone: " + e.getMessage());
    }
  }

  /** Milliseconds until the fleet is whole; -1 when that does not come. */
  private long awaitWhole(Stage stage) throws InterruptedException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < WHOLE_WITHIN.toNanos()) {
      if (stage.isWhole()) {
        return (System.nanoTime() - began) / 1_000_000;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
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
