package oca.fill.jobs;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.FillAsk;
import oca.protocol.FillProgress;
import org.jspecify.annotations.Nullable;

/**
 * A controller of the simulation: the real engine, over a book that it reaches with pauses longer
 * than its lease, answers that are lost, and deaths in the middle of a call.
 */
final class SimController implements Courier {
  /** The process has died; nothing catches it but the simulation. */
  static final class Died extends Error {
    private static final long serialVersionUID = 1;

    Died() {
      super(null, null, false, false);
    }
  }

  /** A call of the engine. */
  interface Call {
    void run(FillEngine engine) throws IOException;
  }

  static final EngineSettings SETTINGS =
      new EngineSettings(
          Duration.ofMillis(1800),
          Duration.ofMillis(500),
          Duration.ofMillis(1100),
          Duration.ofSeconds(5),
          Duration.ofSeconds(3),
          Duration.ofSeconds(1),
          4,
          Duration.ofMillis(200),
          Duration.ofSeconds(2),
          4,
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          1_000);

  final String name;
  private final FillSimulation sim;
  private final World world;
  private final MemoryJobStore book;
  private final Map<Integer, Long> newestLeases;
  private @Nullable FillEngine engine;
  private long skew;
  private int starts;
  private int stands;
  private final List<Runnable> putOff = new ArrayList<>();

  SimController(
      String name, FillSimulation sim, MemoryJobStore book, Map<Integer, Long> newestLeases) {
    this.name = name;
    this.sim = sim;
    this.world = sim.world;
    this.book = book;
    this.newestLeases = newestLeases;
  }

  boolean isUp() {
    return engine != null;
  }

  void start() {
    if (engine != null) {
      return;
    }
    int start = ++starts;
    world.note(name + " starts");
    FillEngine fresh =
        new FillEngine(
            name + "-" + start,
            name,
            SETTINGS,
            new Reached(),
            this,
            sim::mayFill,
            () -> world.now() + skew);
    engine = fresh;
    world.at(0, () -> join(start, fresh));
  }

  private void join(int start, FillEngine fresh) {
    call(
        _ -> {
          try {
            fresh.start();
            world.at(0, () -> tick(start));
          } catch (IOException e) {
            world.at(50 * World.MILLI, () -> join(start, fresh));
          }
        });
  }

  /** SIGKILL. */
  void kill() {
    if (engine != null) {
      world.note(name + " is killed");
      tally(engine);
      engine = null;
    }
  }

  /** SIGSTOP, and SIGCONT after a while. */
  void stopFor(long millis) {
    stands++;
    world.note(name + " stands for " + millis);
    world.at(millis * World.MILLI, this::goOn);
  }

  private void goOn() {
    stands--;
    if (stands == 0) {
      putOff.forEach(call -> world.at(0, call));
      putOff.clear();
    }
  }

  /** The machine was asleep: its own clock is ahead. */
  void jump(long millis) {
    skew += millis * World.MILLI;
  }

  void wakeUp() {
    FillEngine up = engine;
    if (up != null) {
      up.lookSoon();
    }
  }

  /** Orderly end: slots are laid down. */
  void leave() {
    call(FillEngine::stop);
    kill();
  }

  void ask(FillAsk ask) {
    call(
        up -> {
          if (up.ask(ask) instanceof Answer.Elsewhere elsewhere) {
            world.send(() -> sim.appliance(ask.appliance()).moved(elsewhere.address()));
          }
        });
  }

  void progress(FillProgress progress) {
    call(
        up -> {
          switch (up.progress(progress)) {
            case Answer.Taken _ ->
                world.send(() -> sim.appliance(progress.appliance()).acknowledged(progress));
            case Answer.Elsewhere elsewhere ->
                world.send(() -> sim.appliance(progress.appliance()).moved(elsewhere.address()));
          }
        });
  }

  void inventory(ApplianceId appliance, Set<ContentId> held) {
    call(up -> up.inventory(appliance, held));
  }

  @Override
  public void tell(ApplianceId appliance, List<Tell> tells) {
    List<Tell> copy = List.copyOf(tells);
    world.send(() -> sim.appliance(appliance).told(copy));
  }

  @Override
  public void moved(ApplianceId appliance) {
    world.send(() -> sim.appliance(appliance).moved(""));
  }

  EngineStatus status() {
    FillEngine up = engine;
    return up == null ? new EngineStatus(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) : up.status();
  }

  /** Runs one call, now or when the process goes on, unless it has died. */
  void call(Call call) {
    FillEngine up = engine;
    if (up == null) {
      return;
    }
    if (stands > 0) {
      putOff.add(() -> later(up, call));
      return;
    }
    try {
      call.run(up);
    } catch (IOException e) {
      world.note(name + " fails: " + e.getMessage());
    } catch (Died e) {
      if (engine == up) {
        world.note(name + " dies");
        tally(up);
        engine = null;
      }
    }
  }

  private void later(FillEngine up, Call call) {
    if (engine == up) {
      call(call);
    }
  }

  private void tally(FillEngine up) {
    sim.tally(up.status());
  }

  private void tick(int start) {
    if (start != starts || engine == null) {
      return;
    }
    call(
        up -> {
          long next = 100 * World.MILLI;
          try {
            next = Math.max(World.MILLI, up.tick());
          } finally {
            long wait = next;
            world.at(wait, () -> tick(start));
          }
        });
  }

  /** Between engine and book. */
  private final class Reached implements JobStore {
    private interface Op<T> {
      T run() throws IOException;
    }

    private <T> T reach(Op<T> op) throws IOException {
      FillEngine caller = engine;
      stumble(caller, "before");
      T result = op.run();
      stumble(caller, "after");
      return result;
    }

    private void stumble(@Nullable FillEngine caller, String when) throws IOException {
      if (!world.chaos) {
        return;
      }
      double what = world.chance.nextDouble();
      if (what < 0.006) {
        throw new Died();
      } else if (what < 0.016) {
        throw new IOException("no answer from the database, " + when);
      } else if (what < 0.026 && sim.depth < 2) {
        stands++;
        sim.depth++;
        long millis = world.between(200, 6_000);
        world.note(name + " stands inside a call, " + when + ", for " + millis);
        try {
          world.runUntil(world.now() + millis * World.MILLI);
        } finally {
          goOn();
          sim.depth--;
        }
        if (engine != caller) {
          throw new Died();
        }
      }
    }

    @Override
    public void join(String owner, String address, Duration lease) throws IOException {
      reach(
          () -> {
            book.join(owner, address, lease);
            return true;
          });
    }

    @Override
    public Optional<List<Lease>> beat(
        String owner, String address, Duration lease, int expected, int room) throws IOException {
      return reach(
          () -> {
            Optional<List<Lease>> held = book.beat(owner, address, lease, expected, room);
            book.leasesOf(owner)
                .forEach(l -> newestLeases.merge(l.slot(), l.generation(), Math::max));
            return held;
          });
    }

    @Override
    public void release(String owner, Collection<Integer> slots) throws IOException {
      reach(
          () -> {
            book.release(owner, slots);
            return true;
          });
    }

    @Override
    public Look look() throws IOException {
      return reach(book::look);
    }

    @Override
    public Applied apply(
        long order, long plan, Collection<ApplianceId> appliances, Collection<Wanted> wanted)
        throws IOException {
      return reach(() -> book.apply(order, plan, appliances, wanted));
    }

    @Override
    public void open(Collection<Integer> slots, int limit, Consumer<OpenJob> sink)
        throws IOException {
      reach(
          () -> {
            book.open(slots, limit, sink);
            return true;
          });
    }

    @Override
    public void touched(Collection<Integer> slots, long plan, Consumer<OpenJob> sink)
        throws IOException {
      reach(
          () -> {
            book.touched(slots, plan, sink);
            return true;
          });
    }

    @Override
    public List<Tell> outbox(Collection<Integer> slots) throws IOException {
      return reach(() -> book.outbox(slots));
    }

    @Override
    public Written write(Lease lease, List<Step> steps, Collection<Long> heard) throws IOException {
      return reach(
          () -> {
            Written written = book.write(lease, steps, heard);
            if (written instanceof Written.Done
                && lease.generation() < newestLeases.getOrDefault(lease.slot(), 0L)) {
              throw new AssertionError("staleWriteAccepted: " + lease + " of " + name);
            }
            return written;
          });
    }

    @Override
    public Optional<Job> job(long number) throws IOException {
      return reach(() -> book.job(number));
    }

    @Override
    public List<Job> jobs(ApplianceId appliance, @Nullable Collection<ContentId> files)
        throws IOException {
      return reach(() -> book.jobs(appliance, files));
    }

    @Override
    public List<Job> page(
        @Nullable ApplianceId appliance, @Nullable JobState state, long after, int limit) {
      return book.page(appliance, state, after, limit);
    }

    @Override
    public void onChange(Runnable changed) {}

    @Override
    public void close() {}
  }
}
