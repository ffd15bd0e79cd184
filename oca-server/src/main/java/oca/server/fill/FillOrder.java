package oca.server.fill;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import oca.model.ContentId;
import oca.protocol.FillManifest;
import org.jspecify.annotations.Nullable;

/**
 * Which of the waiting files is next, and which of those under way makes way.
 *
 * <p>A file that names a block list waits until that is here, and the list takes its place
 * meanwhile. A list that is given up is no longer waited for.
 *
 * <p>Repairs come first, whatever the window says; then files that are due and in {@link Danger};
 * then all others in the manifest's order, or in that of the grants. Files that have to wait for
 * peers leave half of the workers to those that this appliance fetches for its site.
 *
 * <p>Under the lock of {@link FillQueue}.
 */
final class FillOrder {
  private final FillBook book;
  private final DueFiles due;
  private final Granted granted;
  private final int workers;

  FillOrder(FillBook book, DueFiles due, Granted granted, int workers) {
    this.book = book;
    this.due = due;
    this.granted = granted;
    this.workers = workers;
  }

  /** The file to fetch next; null when none may be taken now. */
  @Nullable FillJob next(Instant now) {
    FillManifest manifest = book.manifest();
    if (manifest == null) {
      return null;
    }
    boolean open = manifest.window().isOpen(now);
    for (ContentId file : book.repairs()) {
      FillJob job = book.waiting(file);
      if (job != null && job.isReady(now) && !awaitsList(job, open)) {
        return job;
      }
    }
    if (!open) {
      return null;
    }
    FillJob urgent = inDanger(now);
    return urgent != null ? urgent : inTurn(now);
  }

  /** Whether it is the least urgent under way, while something urgent waits for a worker. */
  boolean makesWay(FillJob job, Instant now) {
    if (book.running().size() < workers || isUrgent(job)) {
      return false;
    }
    boolean needed =
        inDanger(now) != null || book.repairs().stream().anyMatch(it -> isReady(it, now));
    return needed
        && book.running().stream().allMatch(it -> isUrgent(it) || it.number() <= job.number());
  }

  /** Files in danger, by their deadlines. */
  List<ContentId> dueFirst(Instant now) {
    FillManifest manifest = book.manifest();
    boolean busy = book.running().size() >= workers;
    return manifest == null
        ? List.of()
        : due.look(manifest, book.waiting().values(), book.running(), busy, now);
  }

  /**
   * How long nothing becomes ready by itself.
   *
   * @param most the longest answer
   */
  Duration idle(Instant now, Duration most) {
    FillManifest manifest = book.manifest();
    if (manifest == null || book.waiting().isEmpty()) {
      return most;
    }
    Instant next = manifest.window().opens();
    if (!next.isAfter(now)) {
      next =
          book.waiting().values().stream()
              .map(FillJob::notBefore)
              .min(Instant::compareTo)
              .orElse(now);
    }
    Duration wait = next.isAfter(now) ? Duration.between(now, next) : most;
    return wait.compareTo(most) < 0 ? wait : most;
  }

  private @Nullable FillJob inTurn(Instant now) {
    boolean mayFollow =
        book.running().stream().filter(FillJob::follows).count() < Math.max(1, workers / 2);
    FillJob follower = null;
    for (FillJob job : granted.candidates(book.waiting())) {
      FillJob first = firstOf(job, now);
      if (first != null && (mayFollow || !first.follows())) {
        return first;
      }
      follower = follower == null ? first : follower;
    }
    return follower;
  }

  /** The file in danger, or its block list, that may be taken now and is due first. */
  private @Nullable FillJob inDanger(Instant now) {
    for (ContentId file : dueFirst(now)) {
      FillJob job = book.waiting(file);
      FillJob first =
          job == null || !granted.mayBegin(job, book.wanted()) ? null : firstOf(job, now);
      if (first != null) {
        return first;
      }
    }
    return null;
  }

  private boolean isReady(ContentId repair, Instant now) {
    FillJob job = book.waiting(repair);
    return job != null && job.isReady(now) && !awaitsList(job, true);
  }

  private boolean isUrgent(FillJob job) {
    return book.isRepair(job)
        || due.contains(job.file())
        || book.running().stream()
            .anyMatch(it -> due.contains(it.file()) && job.file().equals(it.blockList()));
  }

  /** Whether a repair's block list is on its way, and not held up by the window. */
  private boolean awaitsList(FillJob job, boolean open) {
    ContentId list = job.blockList();
    if (list == null || book.isRunning(list)) {
      return list != null;
    }
    FillJob first = book.waiting(list);
    return first != null
        && ((open && granted.mayBegin(first, book.wanted())) || book.repairs().contains(list));
  }

  /** The job, or the block list that has to come before it; null when neither may be taken now. */
  private @Nullable FillJob firstOf(FillJob job, Instant now) {
    if (!job.isReady(now)) {
      return null;
    }
    ContentId list = job.blockList();
    if (list == null || book.isRunning(list)) {
      return list == null ? job : null;
    }
    FillJob waitingList = book.waiting(list);
    if (waitingList == null) {
      return job;
    }
    return waitingList.isReady(now) ? waitingList : null;
  }
}
