package oca.fill.jobs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import oca.fill.jobs.Command.Outcome;
import oca.fill.jobs.Desk.Entry;
import oca.fill.jobs.Desk.Running;
import oca.fill.jobs.Tell.Kind;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.FillAsk;
import oca.protocol.FillProgress;
import oca.protocol.FillReport;
import org.jspecify.annotations.Nullable;

/**
 * Hands fill jobs out: one method for each event, and {@link #tick} for what time brings.
 *
 * <p>Each event is worked off before the next, under one lock: look in memory, write to the book
 * under the slot's lease, then change memory, then tell the appliance. Memory therefore never says
 * more than the book. What the book refuses as stale, or fails at, costs the slot: its memory is
 * thrown away, and loaded anew if the lease turns out to be ours still.
 *
 * <p>What an appliance is told is in the outbox until it was heard; besides, each ask says what the
 * appliance works on, and what differs from the book is set right: a grant it has forgotten is told
 * again, one that is not in force is stopped. So it does not matter which message was lost, came
 * twice or late.
 *
 * <p>Safe on any thread; methods block for as long as the store does. An {@link IOException} means
 * that the event may have been taken or not, and is to be sent again.
 */
public final class FillEngine {
  private static final int MOST_TRIES = 3;

  /** While slots are read, for those who wait to come to their turn between two of them. */
  private static final long PAUSE_NANOS = 1_000_000;

  /**
   * Who came first is first: a monitor would let the engine's own thread, which reads slots one
   * after the other at a start, have it again and again. Taken before the monitor.
   */
  private final ReentrantLock turn = new ReentrantLock(true);

  private final EngineSettings settings;
  private final JobStore store;
  private final Courier courier;
  private final Gate gate;
  private final LongSupplier nanoTime;
  private final Patience patience;
  private final Tenure tenure;
  private final BookCopy copy;
  private final WaitingList waits = new WaitingList();
  private final EngineCounts counts = new EngineCounts();

  /**
   * An engine that is not known to anybody yet.
   *
   * @param owner names this start of this controller, and no other ever
   * @param address where appliances and operators reach it
   * @param nanoTime a clock that does not go back; for waits of its own, never for leases
   */
  public FillEngine(
      String owner,
      String address,
      EngineSettings settings,
      JobStore store,
      Courier courier,
      Gate gate,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.store = store;
    this.courier = courier;
    this.gate = gate;
    this.nanoTime = nanoTime;
    this.patience = new Patience(settings, nanoTime);
    this.tenure = new Tenure(owner, address, settings, store, courier, nanoTime, counts);
    this.copy = new BookCopy(settings, store, tenure, waits, counts, nanoTime);
  }

  /** Joins the controllers that share the book. {@link #tick} does the rest. */
  public synchronized void start() throws IOException {
    tenure.join();
  }

  /**
   * Does what is due.
   *
   * @return nanoseconds until something will be due
   */
  public long tick() throws IOException {
    turn.lock();
    try {
      return work();
    } finally {
      turn.unlock();
    }
  }

  private synchronized long work() throws IOException {
    try {
      tenure.beat(patience::breaker);
      copy.loadSome();
      if (tenure.isLookDue()) {
        Look look = tenure.look();
        absorb(look.plan());
        tenure.balance(look);
      }
      wake();
      if (tenure.isCheckDue()) {
        check();
      }
    } catch (IOException e) {
      counts.failures++;
      tenure.retrySoon();
      throw e;
    }
    if (tenure.firstUnloaded() != null) {
      return PAUSE_NANOS;
    }
    return Math.max(0, Math.min(tenure.nanosToBeat(isBusy()), waits.nanosToNext(now())));
  }

  /** Somebody else may have changed something: the next {@link #tick} looks. Any thread. */
  public void lookSoon() {
    tenure.lookSoon();
  }

  /**
   * Lays its slots down, for others to take at once; an engine that is stopped is not used again.
   */
  public synchronized void stop() throws IOException {
    tenure.layDownAll();
  }

  /** An appliance asks; what there is for it, now or later, goes through the courier. */
  public Answer ask(FillAsk ask) throws IOException {
    turn.lock();
    try {
      return answer(ask);
    } finally {
      turn.unlock();
    }
  }

  private synchronized Answer answer(FillAsk ask) throws IOException {
    Slot slot = copy.slotOf(ask.appliance());
    if (slot == null) {
      return tenure.elsewhere(ask.appliance());
    }
    Desk desk = slot.desk(ask.appliance());
    var heard = desk.outbox.headMap(ask.heard(), true);
    slot.heard.addAll(heard.keySet());
    heard.clear();
    desk.waiting = ask;
    desk.asks = true;
    Set<Long> works = new HashSet<>();
    List<Tell> stops = new ArrayList<>();
    for (FillAsk.Running at : ask.running()) {
      Running running = desk.granted(at.job(), at.generation(), at.attempt());
      if (running != null) {
        works.add(at.job());
        running.bytes = Math.max(running.bytes, at.bytes());
      } else {
        stops.add(stop(slot, ask.appliance(), at));
      }
    }
    List<Change> again = new ArrayList<>();
    for (Running running : desk.granted.values()) {
      Entry entry = running.entry;
      if (!works.contains(entry.number) && !desk.willHear(entry.number, entry.standing)) {
        again.add(
            new Change(
                desk.id,
                Step.of(entry.number, entry.standing, entry.standing.touched(), "told again")
                    .telling(Kind.GRANT)));
      }
    }
    counts.retold += again.size();
    if (commit(slot, again) != Commit.LOST) {
      serve(slot, desk, stops);
    }
    return tenure.slotOf(ask.appliance()) == slot
        ? new Answer.Taken()
        : tenure.elsewhere(ask.appliance());
  }

  /** Nobody waits for an answer to that appliance's ask any more. */
  public synchronized void forget(ApplianceId appliance) {
    Slot slot = tenure.slotOf(appliance);
    if (slot != null) {
      slot.desk(appliance).waiting = null;
    }
  }

  /**
   * How far an appliance is. Taken means that all ends in it are durable, or not of interest.
   *
   * @throws IOException also when plans changed its jobs each time that this was to be written
   */
  public Answer progress(FillProgress progress) throws IOException {
    turn.lock();
    try {
      return enter(progress);
    } finally {
      turn.unlock();
    }
  }

  private synchronized Answer enter(FillProgress progress) throws IOException {
    for (int tried = 0; tried < MOST_TRIES; tried++) {
      Slot slot = copy.slotOf(progress.appliance());
      if (slot == null) {
        return tenure.elsewhere(progress.appliance());
      }
      Desk desk = slot.desk(progress.appliance());
      Ends ends = Ends.of(desk, progress, settings, patience, now());
      counts.strays += ends.strays;
      List<Change> changes = of(desk.id, ends.steps);
      // To say that an end is of no interest takes the lease too: who stood still too long does
      // not know what was granted meanwhile, and the appliance would forget the end.
      Commit commit =
          changes.isEmpty() && ends.strayEnds ? write(slot, changes) : commit(slot, changes);
      if (commit == Commit.LOST) {
        return tenure.elsewhere(progress.appliance());
      }
      if (commit == Commit.ALL) {
        ends.count(desk);
        serve(slot, desk, List.of());
        return new Answer.Taken();
      }
    }
    throw new IOException("plans change the jobs of " + progress.appliance() + " too fast");
  }

  /**
   * A plan is in force.
   *
   * @param version above that of every plan before; else it is not taken
   * @param appliances that it plans for; jobs of others are not touched
   */
  public Applied planApplied(
      long version, Collection<ApplianceId> appliances, Collection<Wanted> wanted)
      throws IOException {
    return planApplied(version, version, appliances, wanted);
  }

  /**
   * The same.
   *
   * @param order above that of every plan before; else it is not taken
   * @param version by which its makers know it
   */
  public Applied planApplied(
      long order, long version, Collection<ApplianceId> appliances, Collection<Wanted> wanted)
      throws IOException {
    // Without the lock: 100,000 rows take longer than a grant may wait.
    Applied applied = store.apply(order, version, appliances, wanted);
    if (applied.taken()) {
      synchronized (this) {
        absorb(order);
      }
    }
    return applied;
  }

  /** The newest plan that this engine knows of, by its order. */
  public synchronized long plan() {
    return tenure.planSeen();
  }

  /** Windows of these appliances have opened, or caps were lifted. */
  public synchronized void opened(Collection<ApplianceId> appliances) throws IOException {
    for (ApplianceId appliance : appliances) {
      Slot slot = copy.slotOf(appliance);
      if (slot != null && slot.desks.containsKey(appliance)) {
        serve(slot, slot.desk(appliance), List.of());
      }
    }
  }

  /** What an operator wants. */
  public Outcome command(Command command) throws IOException {
    turn.lock();
    try {
      return obey(command);
    } finally {
      turn.unlock();
    }
  }

  private synchronized Outcome obey(Command command) throws IOException {
    for (int tried = 0; ; tried++) {
      Optional<Job> found = store.job(command.job());
      if (found.isEmpty()) {
        return new Outcome.Unknown();
      }
      Job job = found.get();
      Slot slot = copy.slotOf(job.appliance());
      if (slot == null) {
        return new Outcome.Elsewhere(tenure.elsewhere(job.appliance()).address());
      }
      Standing before = job.standing();
      if (before.state().ended() && command.what() != Command.What.CANCEL) {
        return new Outcome.Refused(
            "the job has ended ("
                + before.state()
                + "); it comes back when a plan wants the file again");
      }
      Step step = Orders.step(job, command);
      if (step == null) {
        return new Outcome.Obeyed(job);
      }
      if (commit(slot, List.of(new Change(job.appliance(), step))) == Commit.ALL) {
        // Before anything is read for the answer: an appliance may wait for what follows.
        serve(slot, slot.desk(job.appliance()), List.of());
      }
      Job after = store.job(command.job()).orElse(job);
      if (after.standing().equals(step.after())) {
        return new Outcome.Obeyed(after);
      }
      if (tried == MOST_TRIES) {
        return new Outcome.Refused("the job changes too fast; try again");
      }
    }
  }

  /**
   * What an appliance says that it has filled by its manifest, without a grant: while it could
   * reach no controller, or because it does not ask for grants.
   */
  public synchronized Answer reported(FillReport report) throws IOException {
    Slot slot = copy.slotOf(report.appliance());
    if (slot == null) {
      return tenure.elsewhere(report.appliance());
    }
    Map<ContentId, FillReport.Result> newest = new HashMap<>();
    report.results().forEach(result -> newest.put(result.file(), result));
    boolean asks = slot.desk(report.appliance()).asks;
    for (int tried = 0; tried < MOST_TRIES; tried++) {
      List<Job> jobs = store.jobs(report.appliance(), newest.keySet());
      List<Step> steps = Evidence.reported(jobs, newest, settings.tries(), asks);
      Commit commit = commit(slot, of(report.appliance(), steps));
      if (commit != Commit.SOME) {
        return commit == Commit.LOST ? tenure.elsewhere(report.appliance()) : new Answer.Taken();
      }
    }
    throw new IOException("plans change the jobs of " + report.appliance() + " too fast");
  }

  /**
   * What an appliance holds. What is held is done; what was done a while ago and is not held was
   * lost, and is wanted again.
   */
  public synchronized Answer inventory(ApplianceId appliance, Set<ContentId> held)
      throws IOException {
    Slot slot = copy.slotOf(appliance);
    if (slot == null) {
      return tenure.elsewhere(appliance);
    }
    List<Step> steps =
        Evidence.inventory(store.jobs(appliance, null), held, settings.lostAfter().toMillis());
    if (commit(slot, of(appliance, steps)) == Commit.LOST) {
      return tenure.elsewhere(appliance);
    }
    serve(slot, slot.desk(appliance), List.of());
    return new Answer.Taken();
  }

  /** The book, for readers. */
  public List<Job> page(
      @Nullable ApplianceId appliance, @Nullable JobState state, long after, int limit)
      throws IOException {
    return store.page(appliance, state, after, limit);
  }

  /** One job, for readers. */
  public Optional<Job> job(long number) throws IOException {
    return store.job(number);
  }

  /** Figures. */
  public synchronized EngineStatus status() {
    int granted = 0;
    int open = 0;
    for (Slot slot : tenure.slots()) {
      open += slot.jobs.size();
      granted += slot.desks.values().stream().mapToInt(desk -> desk.granted.size()).sum();
    }
    return counts.status(tenure.slots().size(), open - granted, granted);
  }

  // Changing jobs.

  private enum Commit {
    /** Each change was taken. */
    ALL,
    /** Some job had been changed by a plan; memory is up to date with it now. */
    SOME,
    /** The slot is not ours any more. */
    LOST
  }

  /** A step, and whose job it is. */
  private record Change(ApplianceId appliance, Step step) {}

  private static List<Change> of(ApplianceId appliance, List<Step> steps) {
    return steps.stream().map(step -> new Change(appliance, step)).toList();
  }

  /**
   * Writes changes under the slot's lease and takes over what came of them; asks nobody when there
   * are none.
   */
  private Commit commit(Slot slot, List<Change> changes) throws IOException {
    return changes.isEmpty() ? Commit.ALL : write(slot, changes);
  }

  private Commit write(Slot slot, List<Change> changes) throws IOException {
    List<Step> steps = changes.stream().map(Change::step).toList();
    Written written;
    try {
      written = store.write(slot.lease, steps, List.copyOf(slot.heard));
    } catch (IOException | RuntimeException e) {
      // It may have been written: what is in memory is worth nothing now.
      counts.failures++;
      tenure.doubt(slot);
      throw e;
    }
    switch (written) {
      case Written.Stale _ -> {
        counts.fenced++;
        tenure.doubt(slot);
        return Commit.LOST;
      }
      case Written.Done done -> {
        slot.heard.clear();
        for (int i = 0; i < steps.size(); i++) {
          Step step = steps.get(i);
          if (done.taken().get(i)) {
            ApplianceId appliance = changes.get(i).appliance();
            copy.put(slot, new OpenJob(step.job(), appliance, step.after(), step.waitMillis()));
          } else {
            if (step.after().state() == JobState.GRANTED) {
              slot.desk(changes.get(i).appliance()).breaker.releasePermission();
            }
            copy.refresh(slot, step.job());
          }
        }
        done.tells().forEach(tell -> slot.desk(tell.appliance()).outbox.put(tell.number(), tell));
        return done.taken().contains(false) ? Commit.SOME : Commit.ALL;
      }
    }
  }

  // Giving work out.

  /** Answers the ask that waits at the desk, if there is something to say. */
  private void serve(Slot slot, Desk desk, List<Tell> stops) throws IOException {
    FillAsk ask = desk.waiting;
    if (ask == null) {
      return;
    }
    long unheard = desk.outbox.values().stream().filter(t -> t.kind() == Kind.GRANT).count();
    List<Change> grants = new ArrayList<>();
    if (unheard < ask.room() && !desk.queue.isEmpty() && gate.mayFill(desk.id)) {
      for (Entry entry : desk.queue) {
        if (unheard + grants.size() >= ask.room() || !desk.breaker.tryAcquirePermission()) {
          break;
        }
        Standing after = entry.standing.granted(slot.lease.generation());
        grants.add(
            new Change(
                desk.id,
                Step.of(entry.number, entry.standing, after, "granted").telling(Kind.GRANT)));
      }
    }
    if (commit(slot, grants) == Commit.LOST) {
      return;
    }
    counts.grants += grants.size();
    List<Tell> tells = new ArrayList<>(desk.outbox.values());
    tells.addAll(stops);
    if (!tells.isEmpty()) {
      desk.waiting = null;
      courier.tell(desk.id, tells);
    }
  }

  private static Tell stop(Slot slot, ApplianceId appliance, FillAsk.Running at) {
    return new Tell(
        0,
        appliance,
        Kind.STOP,
        at.job(),
        at.generation(),
        at.attempt(),
        slot.lease.generation(),
        new JobFile("", "", 0));
  }

  private void wake() throws IOException {
    Set<Desk> desks = new LinkedHashSet<>();
    for (Entry entry : waits.due(now())) {
      Slot slot = tenure.slotOf(entry.desk.id);
      if (slot != null && slot.jobs.get(entry.number) == entry && entry.waits) {
        slot.ready(entry);
        desks.add(entry.desk);
      }
    }
    // All of them are in their queues before the first is served, which may fail.
    for (Desk desk : desks) {
      Slot slot = tenure.slotOf(desk.id);
      if (slot != null && slot.desks.get(desk.id) == desk) {
        serve(slot, desk, List.of());
      }
    }
  }

  // Keeping up with the book.

  /** Takes over what plans up to {@code plan} have changed. */
  private void absorb(long plan) throws IOException {
    if (plan <= tenure.planSeen()) {
      return;
    }
    Set<Integer> ours = new HashSet<>();
    tenure.slots().stream().filter(it -> it.loaded).forEach(it -> ours.add(it.lease.slot()));
    List<OpenJob> changed = new ArrayList<>();
    store.touched(ours, tenure.planSeen(), changed::add);
    Set<Desk> desks = new HashSet<>();
    boolean stops = false;
    for (OpenJob job : changed) {
      Slot slot = tenure.slotOf(job.appliance());
      if (slot != null && slot.loaded) {
        Entry before = slot.jobs.get(job.number());
        stops |= before != null && before.standing.state() == JobState.GRANTED;
        copy.put(slot, job);
        desks.add(slot.desk(job.appliance()));
      }
    }
    if (stops) {
      store.outbox(ours).forEach(copy::hear);
    }
    tenure.planSeen(plan);
    for (Desk desk : desks.stream().sorted((a, b) -> a.id.compareTo(b.id)).toList()) {
      Slot slot = tenure.slotOf(desk.id);
      if (slot != null && slot.desks.get(desk.id) == desk) {
        serve(slot, desk, List.of());
      }
    }
  }

  /** Compares one slot with the book. What differs should not: it is set right and counted. */
  private void check() throws IOException {
    absorb(tenure.look().plan());
    Slot slot = tenure.nextToCheck();
    if (slot != null && slot.loaded) {
      copy.compare(slot);
    }
  }

  private boolean isBusy() {
    return tenure.slots().stream().anyMatch(slot -> !slot.jobs.isEmpty());
  }

  private long now() {
    return nanoTime.getAsLong();
  }
}
