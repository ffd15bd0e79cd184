package oca.server.fill;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.Source;
import org.jspecify.annotations.Nullable;

/**
 * What the manifest wants and the store lacks, in the manifest's order.
 *
 * <p>A file that names a block list waits until that is here, and the list takes its place
 * meanwhile. A list that is given up is no longer waited for.
 *
 * <p>A file that was held and lost blocks is a repair: it comes before all others, and is not bound
 * to the window, for it is little, and its viewers are served from further away until it is done.
 * The rate and the number of workers hold for it too.
 *
 * <p>Files that are due and in {@link Danger} come next, then all others in the manifest's order.
 * While a repair or a file in danger waits and all workers are busy, the least urgent of the files
 * under way makes way at the next border of a block. Files that have to wait for peers leave half
 * of the workers to those that this appliance fetches for its site.
 *
 * <p>While {@link Grants} are in force, a file is handed out when it was granted, in the order of
 * the grants; its block list comes with it, and repairs need none.
 *
 * <p>A file is in one of three maps: waiting, running, or given up; never in two. Bounded by the
 * manifest, repairs by a limit of their own. Safe on any thread; {@link #take} blocks.
 */
final class FillQueue {
  /** Whether a worker goes on with its file. */
  enum Verdict {
    GO_ON,
    /** The window closed, or the process ends: keep what there is, go on in the next window. */
    PAUSE,
    /** A file that is more urgent waits for a worker: keep what there is, go on later. */
    PREEMPTED,
    /** Its grant was taken back: keep what there is, go on when it is granted again. */
    NOT_GRANTED,
    /** The manifest no longer lists the file. */
    NOT_WANTED
  }

  private final Predicate<ContentId> held;
  private final InstantSource clock;
  private final Duration recheck;
  private final int maxRepairs;
  private final int workers;
  private final DueFiles due;
  private final Granted granted;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Map<ContentId, FillJob> waiting = new LinkedHashMap<>();
  private final Map<ContentId, FillJob> running = new HashMap<>();
  private final Map<ContentId, FillJob> givenUp = new HashMap<>();
  private final Set<ContentId> repairs = new LinkedHashSet<>();
  private Map<ContentId, Entry> wanted = Map.of();
  private @Nullable FillManifest manifest;
  private long jobs;
  private long repairsRefused;
  private boolean closed;

  /**
   * An empty queue.
   *
   * @param held whether the store has the file whole
   * @param recheck the longest that the wall clock goes unread while workers wait for the window,
   *     so that a clock that is set is noticed
   * @param maxRepairs so many repairs wait or run at most
   * @param workers so many files are fetched at once
   */
  FillQueue(
      Predicate<ContentId> held,
      InstantSource clock,
      Duration recheck,
      int maxRepairs,
      int workers) {
    this(held, clock, recheck, maxRepairs, workers, (rate, _) -> rate, Grants.NONE);
  }

  /**
   * The same.
   *
   * @param speed at which files come in now
   * @param grants who says when files may be begun
   */
  FillQueue(
      Predicate<ContentId> held,
      InstantSource clock,
      Duration recheck,
      int maxRepairs,
      int workers,
      DueFiles.Speed speed,
      Grants grants) {
    this.held = held;
    this.clock = clock;
    this.recheck = recheck;
    this.maxRepairs = maxRepairs;
    this.workers = workers;
    this.due = new DueFiles(recheck, speed);
    this.granted = new Granted(grants);
  }

  /**
   * Puts a newer manifest in place of the one before.
   *
   * @return jobs that are no longer wanted and had cost bytes already
   */
  List<FillJob> replace(FillManifest next) {
    lock.lock();
    try {
      manifest = next;
      Map<ContentId, Entry> byId = LinkedHashMap.newLinkedHashMap(next.entries().size());
      next.entries().forEach(entry -> byId.putIfAbsent(entry.file().id(), entry));
      wanted = byId;
      List<FillJob> dropped =
          waiting.values().stream()
              .filter(job -> !byId.containsKey(job.file()) && job.bytesFetched() > 0)
              .toList();
      givenUp.values().removeIf(job -> !isSameOrder(job, next));
      int asked = repairs.size();
      repairs.retainAll(byId.keySet());
      repairsRefused += asked - repairs.size();
      rebuild(next);
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /** Looks again for wanted files that are not held: one may have been lost with a disk. */
  void refresh() {
    lock.lock();
    try {
      if (manifest != null) {
        rebuild(manifest);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has a file fetched before all others and whatever the window says. One that is asked for before
   * the first manifest waits for that, which names its sources. Does not block.
   *
   * @return false when it is not repaired now, counted: no manifest wants it, or too many are to be
   *     repaired. If it is wanted, it comes in the next window like any other
   */
  boolean repair(ContentId file) {
    lock.lock();
    try {
      if (repairs.contains(file)) {
        return true;
      }
      Entry entry = wanted.get(file);
      if (closed || repairs.size() >= maxRepairs || (manifest != null && entry == null)) {
        repairsRefused++;
        return false;
      }
      repairs.add(file);
      givenUp.remove(file);
      if (manifest != null && entry != null && !running.containsKey(file)) {
        waiting.putIfAbsent(file, job(file, entry, manifest));
      }
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a file that may be fetched now.
   *
   * @return null when the queue was closed
   */
  @Nullable FillJob take() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        Instant now = clock.instant();
        FillJob job = ready(now);
        if (job != null) {
          waiting.remove(job.file());
          running.put(job.file(), job);
          return job;
        }
        changed.await(untilSomethingIsReady(now), TimeUnit.NANOSECONDS);
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether the worker that took {@code job} goes on with it. Cheap.
   *
   * @param atBorder whether it could stop without losing a part of a block
   */
  Verdict verdict(FillJob job, boolean atBorder) {
    lock.lock();
    try {
      boolean may =
          manifest != null
              && (manifest.window().isOpen(clock.instant()) || repairs.contains(job.file()));
      if (closed || !may) {
        return Verdict.PAUSE;
      }
      if (!wanted.containsKey(job.file())) {
        return Verdict.NOT_WANTED;
      }
      if (!repairs.contains(job.file()) && !granted.mayBegin(job, wanted)) {
        return Verdict.NOT_GRANTED;
      }
      return atBorder && makesWay(job) ? Verdict.PREEMPTED : Verdict.GO_ON;
    } finally {
      lock.unlock();
    }
  }

  /** From where the job's file can be had, by the newest manifest that lists it. */
  List<Source> sources(FillJob job) {
    lock.lock();
    try {
      return wanted.getOrDefault(job.file(), job.entry()).sources();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the job's file was held and is being repaired. */
  boolean isRepair(FillJob job) {
    lock.lock();
    try {
      return repairs.contains(job.file());
    } finally {
      lock.unlock();
    }
  }

  /** Whether a worker that gave its file back would be handed another. */
  boolean isAnotherReady() {
    lock.lock();
    try {
      return ready(clock.instant()) != null;
    } finally {
      lock.unlock();
    }
  }

  /** On whose behalf the job's file is written, by one that begins now. */
  Grants.Writer writer(FillJob job) {
    lock.lock();
    try {
      Grants.Writer writer = granted.writer(job, wanted);
      return writer == null ? Grants.Writer.ungranted(job.number()) : writer;
    } finally {
      lock.unlock();
    }
  }

  /** These were granted anew: what failed before counts no more. */
  void grantedAnew(List<ContentId> files) {
    lock.lock();
    try {
      boolean givenUpBefore = givenUp.keySet().removeAll(files);
      for (ContentId file : files) {
        FillJob job = waiting.get(file);
        if (job != null) {
          job.begunAnew();
        }
      }
      if (givenUpBefore && manifest != null) {
        rebuild(manifest);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many more files could be granted, with these in hand, for no worker to stand idle. */
  int room(Collection<ContentId> inHand, int ahead) {
    lock.lock();
    try {
      Instant now = clock.instant();
      return workers
          + ahead
          - granted.atWork(inHand, waiting, now)
          + granted.lacking(dueFirst(now), waiting);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the newest manifest lists the file. */
  boolean wants(ContentId file) {
    lock.lock();
    try {
      return wanted.containsKey(file);
    } finally {
      lock.unlock();
    }
  }

  /** How much of the file is here, in bytes, as far as it is known without asking the disk. */
  long present(ContentId file) {
    lock.lock();
    try {
      FillJob job = running.containsKey(file) ? running.get(file) : waiting.get(file);
      Entry entry = wanted.get(file);
      return job != null
          ? job.present()
          : entry != null && held.test(file) ? entry.file().length() : 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the manifest says of the block list that the job's file names; null when it names none.
   */
  @Nullable CatalogEntry blockList(FillJob job) {
    lock.lock();
    try {
      ContentId list = job.blockList();
      Entry entry = list == null ? null : wanted.get(list);
      return entry == null ? null : entry.file();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The file is here, or not wanted any more: the queue forgets it.
   *
   * @return whether it was a repair
   */
  boolean done(FillJob job) {
    lock.lock();
    try {
      running.remove(job.file());
      granted.moved();
      changed.signalAll();
      return repairs.remove(job.file());
    } finally {
      lock.unlock();
    }
  }

  /** The file waits for another try, at its old place in the order. */
  void putBack(FillJob job) {
    lock.lock();
    try {
      running.remove(job.file());
      granted.moved();
      Entry entry = wanted.get(job.file());
      if (entry != null && manifest != null) {
        job.renew(entry, manifest.window(), manifest.version());
        waiting.put(job.file(), job);
        rebuild(manifest);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The file is not tried again until the manifest says something else of it. */
  void giveUp(FillJob job) {
    lock.lock();
    try {
      running.remove(job.file());
      granted.moved();
      repairs.remove(job.file());
      if (manifest != null && isSameOrder(job, manifest)) {
        givenUp.put(job.file(), job);
        changed.signalAll();
      } else if (manifest != null) {
        rebuild(manifest);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets all workers go. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  int running() {
    lock.lock();
    try {
      return running.size();
    } finally {
      lock.unlock();
    }
  }

  /** Files that a worker has, in no order, and no more than so many. */
  List<ContentId> fetching(int most) {
    lock.lock();
    try {
      return running.keySet().stream().limit(most).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Files that cannot be here any more by when they are due, as of the last look. */
  int late() {
    lock.lock();
    try {
      return due.late();
    } finally {
      lock.unlock();
    }
  }

  /** Repairs that wait or run. */
  int repairs() {
    lock.lock();
    try {
      return repairs.size();
    } finally {
      lock.unlock();
    }
  }

  /** Repairs that were not taken on, or dropped with the manifest, since the start. */
  long repairsRefused() {
    lock.lock();
    try {
      return repairsRefused;
    } finally {
      lock.unlock();
    }
  }

  boolean isWindowOpen() {
    lock.lock();
    try {
      return manifest != null && manifest.window().isOpen(clock.instant());
    } finally {
      lock.unlock();
    }
  }

  private boolean isSameOrder(FillJob job, FillManifest in) {
    Entry entry = wanted.get(job.file());
    return entry != null && job.sameOrder(entry, in.window());
  }

  private void rebuild(FillManifest from) {
    Map<ContentId, FillJob> next = new LinkedHashMap<>();
    wanted.forEach(
        (id, entry) -> {
          if (!running.containsKey(id) && !givenUp.containsKey(id) && !held.test(id)) {
            FillJob job = waiting.get(id);
            if (job == null) {
              job = job(id, entry, from);
            } else {
              job.renew(entry, from.window(), from.version());
            }
            next.put(id, job);
          }
        });
    waiting = next;
    due.forget();
    repairs.removeIf(id -> !next.containsKey(id) && !running.containsKey(id));
    changed.signalAll();
  }

  private FillJob job(ContentId file, Entry entry, FillManifest from) {
    return new FillJob(++jobs, file, entry, from.window(), from.version());
  }

  private @Nullable FillJob ready(Instant now) {
    if (manifest == null) {
      return null;
    }
    boolean open = manifest.window().isOpen(now);
    for (ContentId file : repairs) {
      FillJob job = waiting.get(file);
      if (job != null && job.isReady(now) && !awaitsList(job, open)) {
        return job;
      }
    }
    if (!open) {
      return null;
    }
    FillJob urgent = inDanger(now);
    if (urgent != null) {
      return urgent;
    }
    boolean mayFollow =
        running.values().stream().filter(FillJob::follows).count() < Math.max(1, workers / 2);
    FillJob follower = null;
    for (FillJob job : granted.candidates(waiting)) {
      FillJob first = firstOf(job, now);
      if (first != null && (mayFollow || !first.follows())) {
        return first;
      }
      follower = follower == null ? first : follower;
    }
    return follower;
  }

  /** Files in danger, by their deadlines. */
  private List<ContentId> dueFirst(Instant now) {
    FillManifest from = manifest;
    boolean busy = running.size() >= workers;
    return from == null ? List.of() : due.look(from, waiting.values(), running.values(), busy, now);
  }

  /** The file in danger, or its block list, that may be taken now and is due first. */
  private @Nullable FillJob inDanger(Instant now) {
    for (ContentId file : dueFirst(now)) {
      FillJob job = waiting.get(file);
      FillJob first = job == null || !granted.mayBegin(job, wanted) ? null : firstOf(job, now);
      if (first != null) {
        return first;
      }
    }
    return null;
  }

  /** Whether it is the least urgent under way, while something urgent waits for a worker. */
  private boolean makesWay(FillJob job) {
    if (running.size() < workers || isUrgent(job)) {
      return false;
    }
    Instant now = clock.instant();
    boolean needed =
        inDanger(now) != null
            || repairs.stream().anyMatch(it -> waiting.containsKey(it) && isReady(it, now));
    return needed
        && running.values().stream().allMatch(it -> isUrgent(it) || it.number() <= job.number());
  }

  private boolean isReady(ContentId repair, Instant now) {
    FillJob job = waiting.get(repair);
    return job != null && job.isReady(now) && !awaitsList(job, true);
  }

  private boolean isUrgent(FillJob job) {
    return repairs.contains(job.file())
        || due.contains(job.file())
        || running.values().stream()
            .anyMatch(it -> due.contains(it.file()) && job.file().equals(it.blockList()));
  }

  /** Whether a repair's block list is on its way, and not held up by the window. */
  private boolean awaitsList(FillJob job, boolean open) {
    ContentId list = job.blockList();
    if (list == null || running.containsKey(list)) {
      return list != null;
    }
    FillJob first = waiting.get(list);
    return first != null && ((open && granted.mayBegin(first, wanted)) || repairs.contains(list));
  }

  /** The job, or the block list that has to come before it; null when neither may be taken now. */
  private @Nullable FillJob firstOf(FillJob job, Instant now) {
    if (!job.isReady(now)) {
      return null;
    }
    ContentId list = job.blockList();
    if (list == null || running.containsKey(list)) {
      return list == null ? job : null;
    }
    FillJob waitingList = waiting.get(list);
    if (waitingList == null) {
      return job;
    }
    return waitingList.isReady(now) ? waitingList : null;
  }

  private long untilSomethingIsReady(Instant now) {
    if (manifest == null || waiting.isEmpty()) {
      return recheck.toNanos();
    }
    Instant next = manifest.window().opens();
    if (!next.isAfter(now)) {
      next = waiting.values().stream().map(FillJob::notBefore).min(Instant::compareTo).orElse(now);
    }
    Duration wait = next.isAfter(now) ? Duration.between(now, next) : recheck;
    return Math.min(wait.toNanos(), recheck.toNanos());
  }
}
