package oca.fill.jobs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import oca.model.ApplianceId;

/**
 * One schedule: controllers that share a book, appliances, plans, orders and windows, under a
 * seeded storm of everything that can go wrong; then quiet, and what must hold.
 *
 * <p>Invariants, by the name under which they fail:
 *
 * <ul>
 *   <li>{@code staleWriteAccepted}: a write under a lease that is not the newest of its slot
 *   <li>{@code stateWentBack}: attempt and rank of a job, or its generation, fell
 *   <li>{@code grantedTwice}: one attempt of one job granted more than once
 *   <li>{@code doneButNotHeld}: at the end, a job is done whose file is not there
 *   <li>{@code jobLost}: at the end, a wanted file has no job, or one that is not done
 *   <li>{@code wantedNotHeld}: at the end, a wanted file is not there
 *   <li>{@code unwantedOpen}: at the end, a job goes on that no plan wants
 *   <li>{@code originTwice}: the origin sent more than each file once to each appliance and what
 *       the deaths of appliances cost
 *   <li>{@code reconciled}: an engine's memory was not as the book
 * </ul>
 */
final class FillSimulation {
  private static final int CONTROLLERS = 3;
  private static final int APPLIANCES = 3;
  private static final int FILES = 5;
  private static final long STORM = 15_000;
  private static final long LONGEST_CALM = 120_000;

  /** What came of a schedule. */
  record Result(long seed, long digest, long events, long fenced, long retold, String story) {}

  final World world;

  /** How many calls stand in the middle of one another. */
  int depth;

  long fencedByAppliance;

  private final MemoryJobStore book;
  private final Map<String, SimController> controllers = new TreeMap<>();
  private final Map<ApplianceId, SimAppliance> appliances = new TreeMap<>();
  private final List<JobFile> files = new ArrayList<>();
  private final Set<ApplianceId> closed = new HashSet<>();
  private final Map<Long, Standing> known = new HashMap<>();
  private final Set<String> grants = new HashSet<>();
  private long plan;
  private long originBytes;
  private long price;
  private long fenced;
  private long retold;
  private long reconciled;

  private FillSimulation(long seed, boolean tells) {
    this.world = new World(seed, tells);
    this.book = new MemoryJobStore(world::millis);
    book.witness(this::witness);
    Map<Integer, Long> newestLeases = new HashMap<>();
    for (int i = 0; i < CONTROLLERS; i++) {
      String name = "c" + i;
      controllers.put(name, new SimController(name, this, book, newestLeases));
    }
    book.onChange(() -> controllers.values().forEach(controller -> world.send(controller::wakeUp)));
    for (int i = 0; i < APPLIANCES; i++) {
      ApplianceId id = new ApplianceId("a-" + i);
      appliances.put(id, new SimAppliance(id, this));
    }
    for (int i = 0; i < FILES; i++) {
      files.add(new JobFile("f" + i, "ab".repeat(32), world.between(1, 8)));
    }
  }

  /** Runs the schedule of a seed; throws what it breaks, with the seed in its message. */
  static Result run(long seed, boolean tells) {
    FillSimulation sim = new FillSimulation(seed, tells);
    try {
      sim.storm();
      sim.calm();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed " + seed + ": " + e.getMessage() + (tells ? "\n" + sim.world.story() : ""), e);
    }
    World world = sim.world;
    return new Result(seed, world.digest(), world.steps(), sim.fenced, sim.retold, world.story());
  }

  boolean mayFill(ApplianceId appliance) {
    return !closed.contains(appliance);
  }

  SimAppliance appliance(ApplianceId id) {
    return java.util.Objects.requireNonNull(appliances.get(id));
  }

  List<SimController> controllers() {
    return List.copyOf(controllers.values());
  }

  /** The controller of that name, or any. */
  SimController controller(String name) {
    SimController known = controllers.get(name);
    if (known != null) {
      return known;
    }
    return controllers().get((int) world.between(0, CONTROLLERS - 1));
  }

  void serveFromOrigin(long bytes) {
    originBytes += bytes;
  }

  void price(long bytes) {
    price += bytes;
  }

  void tally(EngineStatus status) {
    fenced += status.fenced();
    retold += status.retold();
    reconciled += status.reconciled();
  }

  private void storm() {
    controllers().forEach(SimController::start);
    appliances.values().forEach(SimAppliance::start);
    applyPlan(++plan, wanted(), "c0");
    world.at(world.between(100, 800) * World.MILLI, this::mischief);
    world.runUntil(world.now() + STORM * World.MILLI);
  }

  private void mischief() {
    if (!world.chaos) {
      return;
    }
    SimController controller = controller("");
    List<SimAppliance> all = List.copyOf(appliances.values());
    SimAppliance appliance = all.get((int) world.between(0, APPLIANCES - 1));
    switch ((int) world.between(0, 11)) {
      case 0 -> controller.kill();
      case 1, 2 -> controller.stopFor(world.between(100, 6_000));
      case 3 -> controller.jump(world.between(10, 20_000));
      case 4 -> appliance.crash();
      case 5 -> {
        String file = appliance.someFile();
        if (file != null) {
          appliance.lose(file);
        }
      }
      case 6 -> applyPlan(++plan, wanted(), controller.name);
      case 7, 8 -> order(controller);
      case 9 -> {
        if (!closed.add(appliance.id)) {
          open(appliance.id);
        }
      }
      case 10 -> controller.leave();
      default -> {}
    }
    controllers().forEach(SimController::start);
    int back = (int) world.between(50, 3_000);
    world.at(back * World.MILLI, appliance::start);
    world.at(world.between(100, 1_500) * World.MILLI, this::mischief);
  }

  private void order(SimController controller) {
    long job = world.between(1, APPLIANCES * FILES);
    Command.What what = List.of(Command.What.values()).get((int) world.between(0, 3));
    double value = world.between(0, 9);
    long deadline = world.happens(0.5) ? Standing.NO_DEADLINE : world.between(0, 9);
    controller.call(up -> up.command(new Command(job, what, "ann", value, deadline)));
  }

  private void open(ApplianceId appliance) {
    closed.remove(appliance);
    controllers().forEach(up -> world.send(() -> up.call(e -> e.opened(List.of(appliance)))));
  }

  private void applyPlan(long version, List<Wanted> wanted, String by) {
    controller(by)
        .call(
            engine -> {
              engine.planApplied(version, appliances.keySet(), wanted);
              world.note("plan " + version + " of " + wanted.size() + " by " + by);
            });
  }

  private List<Wanted> wanted() {
    List<Wanted> wanted = new ArrayList<>();
    for (SimAppliance appliance : appliances.values()) {
      for (JobFile file : files) {
        if (world.happens(0.7)) {
          long deadline = world.happens(0.8) ? Standing.NO_DEADLINE : world.between(0, 9);
          boolean held = appliance.isUp() && appliance.holds(file) && world.happens(0.5);
          wanted.add(new Wanted(appliance.id, file, world.between(0, 9), deadline, held));
        }
      }
    }
    return wanted;
  }

  private void calm() {
    world.chaos = false;
    world.note("calm");
    controllers().forEach(SimController::start);
    appliances.values().forEach(SimAppliance::start);
    List.copyOf(closed).forEach(this::open);
    // What stands still, or is still on its way, comes to its end first.
    world.runUntil(world.now() + 8_000 * World.MILLI);
    List<Wanted> last = wanted();
    long version = ++plan;
    long end = world.now() + LONGEST_CALM * World.MILLI;
    while (world.now() < end && !(book.look().plan() == version && isQuiet(last))) {
      if (book.look().plan() < version) {
        applyPlan(version, last, "");
      }
      for (Job job : book.page(null, null, 0, Integer.MAX_VALUE)) {
        if (job.standing().paused()) {
          Command resume = new Command(job.number(), Command.What.RESUME, "ann", 0, 0);
          controllers().forEach(controller -> controller.call(up -> up.command(resume)));
        }
      }
      world.runUntil(world.now() + 1_000 * World.MILLI);
    }
    // A little longer, for whatever may still be checked or come in.
    world.runUntil(world.now() + 10_000 * World.MILLI);
    hold(last);
  }

  private boolean isQuiet(List<Wanted> last) {
    Set<String> done = new HashSet<>();
    for (Job job : book.page(null, null, 0, Integer.MAX_VALUE)) {
      if (!job.standing().state().ended()) {
        return false;
      }
      if (job.standing().state() == JobState.DONE) {
        done.add(job.appliance() + " " + job.file().path());
      }
    }
    return last.stream().allMatch(w -> done.contains(w.appliance() + " " + w.file().path()));
  }

  private void hold(List<Wanted> last) {
    Map<String, Job> jobs = new HashMap<>();
    for (Job job : book.page(null, null, 0, Integer.MAX_VALUE)) {
      jobs.put(job.appliance() + " " + job.file().path(), job);
      require(
          job.standing().state() != JobState.DONE || appliance(job.appliance()).holds(job.file()),
          "doneButNotHeld",
          job);
    }
    for (Wanted want : last) {
      Job job = jobs.remove(want.appliance() + " " + want.file().path());
      require(job != null, "jobLost", want);
      require(job.standing().state() == JobState.DONE, "jobLost", job);
      require(appliance(want.appliance()).holds(want.file()), "wantedNotHeld", job);
    }
    jobs.values().forEach(job -> require(job.standing().state().ended(), "unwantedOpen", job));
    long unique = (long) APPLIANCES * files.stream().mapToLong(JobFile::length).sum();
    require(
        originBytes <= unique + price, "originTwice", originBytes + " of " + unique + "+" + price);
    controllers().forEach(controller -> tally(controller.status()));
    require(reconciled == 0, "reconciled", reconciled);
  }

  private void witness(Step step) {
    Standing before = known.put(step.job(), step.after());
    world.note("job " + step.job() + " " + step.after());
    if (before != null) {
      require(step.after().mayFollow(before), "stateWentBack", step);
    }
    if (step.before().state() == JobState.QUEUED && step.after().state() == JobState.GRANTED) {
      String grant = step.job() + "/" + step.after().attempt();
      require(grants.add(grant), "grantedTwice", step);
    }
  }

  private static void require(boolean holds, String invariant, Object what) {
    if (!holds) {
      throw new AssertionError(invariant + ": " + what);
    }
  }
}
