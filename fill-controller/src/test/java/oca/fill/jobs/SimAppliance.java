package oca.fill.jobs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.FillAsk;
import oca.protocol.FillProgress;
import oca.protocol.FillProgress.State;
import org.jspecify.annotations.Nullable;

/**
 * An appliance of the simulation: asks, fetches block by block from an origin that counts, tells
 * how far it is, and now and then dies, with what it had not synced, or loses a file.
 */
final class SimAppliance {
  private static final int ROOM = 2;

  /** A grant and what came of it. */
  private static final class Work {
    final Tell grant;
    State state = State.RUNNING;

    Work(Tell grant) {
      this.grant = grant;
    }
  }

  private record Grant(long generation, int attempt) {
    boolean isBelow(Grant other) {
      return generation < other.generation
          || (generation == other.generation && attempt < other.attempt);
    }
  }

  final ApplianceId id;
  private final FillSimulation sim;
  private final World world;

  // On disk.
  private final Set<String> held = new HashSet<>();
  private final Map<String, Long> partial = new TreeMap<>();
  private final Map<String, Long> synced = new TreeMap<>();
  private final Map<String, Long> writers = new TreeMap<>();
  private final Map<String, JobFile> files = new TreeMap<>();

  // In memory.
  private final Map<Long, Work> works = new TreeMap<>();
  private final Map<Long, Grant> seen = new TreeMap<>();
  private long heard;
  private int boot;
  private boolean up;
  private String controller = "";
  private long asked;

  SimAppliance(ApplianceId id, FillSimulation sim) {
    this.id = id;
    this.sim = sim;
    this.world = sim.world;
  }

  boolean isUp() {
    return up;
  }

  boolean holds(JobFile file) {
    return held.contains(file.path());
  }

  void start() {
    if (!up) {
      up = true;
      boot++;
      world.note(id + " starts");
      inventory(boot);
      askIn(0);
    }
  }

  /** Dies; what was not synced is fetched again, which is this death's price. */
  void crash() {
    if (!up) {
      return;
    }
    world.note(id + " dies");
    up = false;
    works.clear();
    seen.clear();
    heard = 0;
    controller = "";
    partial.forEach((path, bytes) -> sim.price(bytes - synced.getOrDefault(path, 0L)));
    partial.clear();
    partial.putAll(synced);
  }

  /** A disk forgets one file. */
  void lose(String path) {
    if (up && held.remove(path)) {
      world.note(id + " loses " + path);
      JobFile file = files.get(path);
      sim.price(file == null ? 0 : file.length());
      partial.remove(path);
      synced.remove(path);
    }
  }

  void told(List<Tell> tells) {
    if (!up) {
      return;
    }
    for (Tell tell : tells) {
      heard = Math.max(heard, tell.number());
      switch (tell.kind()) {
        case GRANT -> grant(tell);
        case STOP -> stop(tell);
      }
    }
    askIn(world.between(1, 20));
  }

  void moved(String address) {
    if (up) {
      controller = address;
      askIn(world.between(20, 200));
    }
  }

  void acknowledged(FillProgress progress) {
    for (FillProgress.Item item : progress.items()) {
      Work work = works.get(item.job());
      if (work != null
          && item.state() != State.RUNNING
          && work.grant.generation() == item.generation()
          && work.grant.attempt() == item.attempt()) {
        works.remove(item.job());
      }
    }
  }

  private void grant(Tell tell) {
    Grant grant = new Grant(tell.generation(), tell.attempt());
    Grant known = seen.get(tell.job());
    if (known != null && (grant.isBelow(known) || grant.equals(known))) {
      return;
    }
    String path = tell.file().path();
    if (tell.generation() < writers.getOrDefault(path, 0L)) {
      // The store refuses it: Admission.Reason.FENCED.
      world.note(id + " fences " + tell.job());
      sim.fencedByAppliance++;
      return;
    }
    seen.put(tell.job(), grant);
    writers.put(path, tell.generation());
    files.put(path, tell.file());
    Work before = works.put(tell.job(), new Work(tell));
    world.note(id + " takes " + tell.job() + " attempt " + tell.attempt());
    if (before == null || before.state != State.RUNNING) {
      int now = boot;
      world.at(world.between(5, 60) * World.MILLI, () -> fetch(now, tell.job()));
    }
  }

  private void stop(Tell tell) {
    Work work = works.get(tell.job());
    if (work != null
        && work.grant.generation() == tell.generation()
        && work.grant.attempt() == tell.attempt()
        && tell.by() >= tell.generation()) {
      works.remove(tell.job());
    }
  }

  private void fetch(int of, long job) {
    Work work = works.get(job);
    if (!up || boot != of || work == null || work.state != State.RUNNING) {
      return;
    }
    JobFile file = work.grant.file();
    if (held.contains(file.path())) {
      end(work, State.HELD);
      return;
    }
    if (world.chaos && world.happens(0.03)) {
      end(work, State.FAILED);
      return;
    }
    long bytes = partial.getOrDefault(file.path(), 0L);
    if (bytes < file.length()) {
      sim.serveFromOrigin(1);
      bytes++;
      partial.put(file.path(), bytes);
      if (world.happens(0.3)) {
        synced.put(file.path(), bytes);
      }
    }
    if (bytes == file.length()) {
      held.add(file.path());
      partial.remove(file.path());
      synced.remove(file.path());
      end(work, State.HELD);
    } else {
      world.at(world.between(20, 300) * World.MILLI, () -> fetch(of, job));
      if (world.happens(0.3)) {
        tellProgress();
      }
    }
  }

  private void end(Work work, State how) {
    work.state = how;
    world.note(id + " ends " + work.grant.job() + " " + how);
    tellProgress();
  }

  private void tellProgress() {
    List<FillProgress.Item> items = new ArrayList<>();
    for (Work work : works.values()) {
      items.add(
          new FillProgress.Item(
              work.grant.job(),
              work.grant.generation(),
              work.grant.attempt(),
              work.state,
              bytes(work),
              0,
              work.state == State.FAILED ? "the origin said no" : ""));
    }
    if (!items.isEmpty()) {
      FillProgress progress = new FillProgress(id, items);
      SimController to = sim.controller(controller);
      world.send(() -> to.progress(progress));
    }
  }

  private void inventory(int of) {
    if (!up || boot != of) {
      return;
    }
    Set<ContentId> ids = new HashSet<>();
    held.forEach(path -> ids.add(ContentId.ofPath(path)));
    for (SimController to : sim.controllers()) {
      world.send(() -> to.inventory(id, ids));
    }
    world.at(world.between(2_000, 4_000) * World.MILLI, () -> inventory(of));
  }

  /** One ask at a time: the newest has the say. */
  private void askIn(long millis) {
    int of = boot;
    long number = ++asked;
    world.at(
        millis * World.MILLI,
        () -> {
          if (up && boot == of && asked == number) {
            ask();
          }
        });
  }

  private void ask() {
    List<FillAsk.Running> running = new ArrayList<>();
    int busy = 0;
    for (Work work : works.values()) {
      busy += work.state == State.RUNNING ? 1 : 0;
      running.add(
          new FillAsk.Running(
              work.grant.job(), work.grant.generation(), work.grant.attempt(), bytes(work)));
    }
    FillAsk ask =
        new FillAsk(id, "boot-" + boot, Math.max(0, ROOM - busy), heard, List.copyOf(running));
    SimController to = sim.controller(controller);
    world.send(() -> to.ask(ask));
    boolean unsaid = works.values().stream().anyMatch(work -> work.state != State.RUNNING);
    if (unsaid) {
      tellProgress();
    }
    // Nobody may answer: then somebody else is asked.
    int of = boot;
    long number = asked;
    world.at(
        world.between(700, 1_500) * World.MILLI,
        () -> {
          if (up && boot == of && asked == number) {
            controller = "";
            askIn(0);
          }
        });
  }

  private long bytes(Work work) {
    String path = work.grant.file().path();
    return held.contains(path) ? work.grant.file().length() : partial.getOrDefault(path, 0L);
  }

  /** For messages of failed invariants. */
  @Override
  public String toString() {
    return id + " holds " + held + ", works on " + works.keySet() + (up ? "" : ", is down");
  }

  @Nullable String someFile() {
    return held.stream().sorted().findFirst().orElse(null);
  }
}
