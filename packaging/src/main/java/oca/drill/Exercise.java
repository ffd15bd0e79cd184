package oca.drill;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import oca.demo.Demo;
import oca.demo.DemoOptions;
import oca.demo.Fleet;
import oca.demo.World;
import oca.model.ApplianceId;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/** Does drills to a fleet of its own, one after the other, and judges each. */
public final class Exercise {
  private static final Duration WHOLE_WITHIN = Duration.ofSeconds(60);

  /** What is foretold in shares wants viewers enough that one of them is less than a point. */
  private static final int SECONDS_TO_COMPARE = 30;

  private final Settings settings;
  private final CountDownLatch stop;
  private final Ledger ledger;
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
   * @param ledger told of what is started
   * @param say told of each step, in a line
   */
  public Exercise(Settings settings, CountDownLatch stop, Ledger ledger, Consumer<String> say) {
    this.settings = settings;
    this.stop = stop;
    this.ledger = ledger;
    this.say = say;
  }

  /** Starts a fleet, does the drills to it, ends it. */
  public List<Judgement> run(DemoOptions options, List<Drill> drills)
      throws IOException, InterruptedException {
    World world = new World(options.port());
    try (Relay steeringWire = new Relay(world.steering());
        Relay originWire = new Relay(world.origin());
        Demo demo = Demo.open(options, dropIns(steeringWire, originWire))) {
      Stage stage =
          new Stage(
              demo.world(),
              demo.fleet(),
              demo.library(),
              demo.client(),
              settings.victim(),
              new Stage.Wires(steeringWire, originWire),
              ledger);
      stage.note();
      demo.start(stop);
      say.accept("filling the appliances by " + settings.warmDays() + " days of viewers");
      for (int day = 1; day <= settings.warmDays(); day++) {
        if (demo.awaitEndOf(day, stop)) {
          return List.of();
        }
      }
      demo.dismissViewers();
      List<Judgement> judgements = new ArrayList<>();
      try (Audience audience = new Audience(demo.world(), demo.library(), settings.perSecond())) {
        Trial trial =
            new Trial(
                new Played(stage, audience, new Foreteller(options.home(), demo.fleet())),
                Guard.DEFAULT,
                WHOLE_WITHIN,
                stop,
                say);
        for (Drill drill : drills) {
          if (stop.getCount() == 0) {
            break;
          }
          judgements.add(trial.run(drill));
        }
      }
      return judgements;
    }
  }

  private Map<String, String> dropIns(Relay steeringWire, Relay originWire) {
    Map<String, String> all = new HashMap<>();
    for (World.Box box : World.BOXES) {
      all.put(box.id().value(), Foreteller.ofServer(box.id().value()));
    }
    all.merge(
        settings.victim().value(),
        "heartbeat: { steering: [\"http://" + steeringWire.endpoint() + "\"] }\n",
        String::concat);
    all.put(Fleet.ORIGIN, Foreteller.ofServer(Fleet.ORIGIN));
    all.put(Fleet.STEERING, Foreteller.ofSteering());
    all.put(
        Fleet.CONTROLLER,
        """
        plans: { maxEvictedShare: 0.5 }
        origin: { content: "http://%s" }
        """
            .formatted(originWire.endpoint()));
    return all;
  }

  /** The demo's fleet and its audience. */
  private final class Played implements Trial.Ground {
    private final Stage stage;
    private final Audience audience;
    private final Foreteller foreteller;
    private int seconds;
    private Foreteller.@Nullable Watched before;
    private Foreteller.@Nullable Watched last;

    Played(Stage stage, Audience audience, Foreteller foreteller) {
      this.stage = stage;
      this.audience = audience;
      this.foreteller = foreteller;
    }

    @Override
    public boolean isWhole() {
      return stage.isWhole();
    }

    @Override
    public String victim() {
      return stage.victim();
    }

    @Override
    public Sight play(long seed, CountDownLatch end) throws InterruptedException {
      Instant began = Instant.now();
      Sight sight = audience.play(seed, seconds, end);
      before = last;
      last =
          new Foreteller.Watched(
              began.plusSeconds(Audience.SETTLED_SECONDS), Instant.now(), audience.settled());
      return sight;
    }

    @Override
    public List<Foretold> foretold(Drill drill) throws IOException, InterruptedException {
      Optional<SiteId> lost = drill.fault().loses(stage);
      Foreteller.Watched without = before;
      Foreteller.Watched with = last;
      if (lost.isEmpty() || without == null || with == null) {
        return List.of();
      }
      say.accept(drill.name() + ": what was foretold of it");
      return foreteller.compare(lost.get(), without, with);
    }

    @Override
    public Sight now() {
      return audience.now();
    }

    @Override
    public void prepare(Drill drill) throws IOException, InterruptedException {
      boolean compares = drill.fault().loses(stage).isPresent();
      seconds = Math.max(settings.seconds(), compares ? SECONDS_TO_COMPARE : 0);
      drill.fault().prepare(stage);
      stage.note();
    }

    @Override
    public void inject(Drill drill) throws IOException, InterruptedException {
      // What the viewers before saw is not to reach the guard.
      audience.forget();
      drill.fault().inject(stage);
      stage.note();
    }

    @Override
    public void revert(Drill drill) throws IOException, InterruptedException {
      try {
        drill.fault().revert(stage);
      } finally {
        stage.endTools();
        stage.restoreAll();
        stage.note();
      }
    }
  }
}
