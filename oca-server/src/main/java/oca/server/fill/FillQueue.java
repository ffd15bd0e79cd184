package oca.server.fill;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Source;
import org.jspecify.annotations.Nullable;

/**
 * What the manifest wants and the store lacks, handed out to workers in the order of {@link
 * FillOrder}.
 *
 * <p>A file that was held and lost blocks is a repair: it comes before all others, and is not bound
 * to the window, for it is little, and its viewers are served from further away until it is done.
 * The rate and the number of workers hold for it too.
 *
 * <p>While a repair or a file in danger waits and all workers are busy, the least urgent of the
 * files under way makes way at the next border of a block.
 *
 * <p>While {@link Grants} are in force, a file is handed out when it was granted, in the order of
 * the grants; its block list comes with it, and repairs need none.
 *
 * <p>Safe on any thread; {@link #take} blocks.
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

  private final InstantSource clock;
  private final Duration recheck;
  private final int workers;
  private final DueFiles due;
  private final Granted granted;
  private final FillBook book;
  private final FillOrder order;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
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
    this.clock = clock;
    this.recheck = recheck;
    this.workers = workers;
    this.due = new DueFiles(recheck, speed);
    this.granted = new Granted(grants);
    this.book = new FillBook(held, maxRepairs);
    this.order = new FillOrder(book, due, granted, workers);
  }

  /**
   * Puts a newer manifest in place of the one before.
   *
   * @return jobs that are no longer wanted and had cost bytes already
   */
  List<FillJob> replace(FillManifest next) {
    lock.lock();
    try {
      List<FillJob> dropped = book.replace(next);
      changedFiles();
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /** Looks again for wanted files that are not held: one may have been lost with a disk. */
  void refresh() {
    lock.lock();
    try {
      book.refresh();
      changedFiles();
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
      if (closed) {
        book.refuseRepair();
        return false;
      }
      boolean taken = book.repair(file);
      changed.signalAll();
      return taken;
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
        FillJob job = order.next(now);
        if (job != null) {
          book.begin(job);
          return job;
        }
        changed.await(order.idle(now, recheck).toNanos(), TimeUnit.NANOSECONDS);
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
      Instant now = clock.instant();
      boolean repair = book.isRepair(job);
      if (closed || !(repair || isOpen(now))) {
        return Verdict.PAUSE;
      }
      if (!book.wanted().containsKey(job.file())) {
        return Verdict.NOT_WANTED;
      }
      if (!repair && !granted.mayBegin(job, book.wanted())) {
        return Verdict.NOT_GRANTED;
      }
      return atBorder && order.makesWay(job, now) ? Verdict.PREEMPTED : Verdict.GO_ON;
    } finally {
      lock.unlock();
    }
  }

  /** From where the job's file can be had, by the newest manifest that lists it. */
  List<Source> sources(FillJob job) {
    lock.lock();
    try {
      return book.wanted().getOrDefault(job.file(), job.entry()).sources();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the job's file was held and is being repaired. */
  boolean isRepair(FillJob job) {
    lock.lock();
    try {
      return book.isRepair(job);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a worker that gave its file back would be handed another. */
  boolean isAnotherReady() {
    lock.lock();
    try {
      return order.next(clock.instant()) != null;
    } finally {
      lock.unlock();
    }
  }

  /** On whose behalf the job's file is written, by one that begins now. */
  Grants.Writer writer(FillJob job) {
    lock.lock();
    try {
      Grants.Writer writer = granted.writer(job, book.wanted());
      return writer == null ? Grants.Writer.ungranted(job.number()) : writer;
    } finally {
      lock.unlock();
    }
  }

  /** These were granted anew: what failed before counts no more. */
  void grantedAnew(List<ContentId> files) {
    lock.lock();
    try {
      if (book.beginAnew(files)) {
        due.forget();
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
          - granted.atWork(inHand, book.waiting(), now)
          + granted.lacking(order.dueFirst(now), book.waiting());
    } finally {
      lock.unlock();
    }
  }

  /** Whether the newest manifest lists the file. */
  boolean wants(ContentId file) {
    lock.lock();
    try {
      return book.wanted().containsKey(file);
    } finally {
      lock.unlock();
    }
  }

  /** How much of the file is here, in bytes, as far as it is known without asking the disk. */
  long present(ContentId file) {
    lock.lock();
    try {
      return book.present(file);
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
      return book.blockList(job);
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
      granted.moved();
      changed.signalAll();
      return book.done(job);
    } finally {
      lock.unlock();
    }
  }

  /** The file waits for another try, at its old place in the order. */
  void putBack(FillJob job) {
    lock.lock();
    try {
      granted.moved();
      book.putBack(job);
      changedFiles();
    } finally {
      lock.unlock();
    }
  }

  /** The file is not tried again until the manifest says something else of it. */
  void giveUp(FillJob job) {
    lock.lock();
    try {
      granted.moved();
      if (book.giveUp(job)) {
        due.forget();
      }
      changed.signalAll();
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
    return counted(() -> book.waiting().size());
  }

  int running() {
    return counted(() -> book.running().size());
  }

  /** Files that a worker has, in no order, and no more than so many. */
  List<ContentId> fetching(int most) {
    lock.lock();
    try {
      return book.running().stream().map(FillJob::file).limit(most).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Files that cannot be here any more by when they are due, as of the last look. */
  int late() {
    return counted(due::late);
  }

  /** Repairs that wait or run. */
  int repairs() {
    return counted(() -> book.repairs().size());
  }

  /** Repairs that were not taken on, or dropped with the manifest, since the start. */
  long repairsRefused() {
    lock.lock();
    try {
      return book.repairsRefused();
    } finally {
      lock.unlock();
    }
  }

  boolean isWindowOpen() {
    lock.lock();
    try {
      return isOpen(clock.instant());
    } finally {
      lock.unlock();
    }
  }

  private boolean isOpen(Instant now) {
    FillManifest manifest = book.manifest();
    return manifest != null && manifest.window().isOpen(now);
  }

  private void changedFiles() {
    due.forget();
    changed.signalAll();
  }

  private int counted(IntSupplier count) {
    lock.lock();
    try {
      return count.getAsInt();
    } finally {
      lock.unlock();
    }
  }
}
