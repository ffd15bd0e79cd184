package oca.server.fill;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.Entry;
import org.jspecify.annotations.Nullable;

/**
 * The files of the newest manifest that the store lacks: each waits, runs, or is given up, and is
 * never in two of these. Which of them are repairs is kept beside.
 *
 * <p>Waiting files are in the manifest's order. Bounded by the manifest, repairs by a limit of
 * their own. Under the lock of {@link FillQueue}.
 */
final class FillBook {
  private final Predicate<ContentId> held;
  private final int maxRepairs;
  private Map<ContentId, FillJob> waiting = new LinkedHashMap<>();
  private final Map<ContentId, FillJob> running = new HashMap<>();
  private final Map<ContentId, FillJob> givenUp = new HashMap<>();
  private final Set<ContentId> repairs = new LinkedHashSet<>();
  private Map<ContentId, Entry> wanted = Map.of();
  private @Nullable FillManifest manifest;
  private long jobs;
  private long repairsRefused;

  /**
   * Without a manifest.
   *
   * @param held whether the store has the file whole
   * @param maxRepairs so many repairs wait or run at most
   */
  FillBook(Predicate<ContentId> held, int maxRepairs) {
    this.held = held;
    this.maxRepairs = maxRepairs;
  }

  /** See {@link FillQueue#replace}. */
  List<FillJob> replace(FillManifest next) {
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
    refresh();
    return dropped;
  }

  /** Looks again for wanted files that are not held. */
  void refresh() {
    FillManifest from = manifest;
    if (from == null) {
      return;
    }
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
    repairs.removeIf(id -> !next.containsKey(id) && !running.containsKey(id));
  }

  /** See {@link FillQueue#repair}. */
  boolean repair(ContentId file) {
    if (repairs.contains(file)) {
      return true;
    }
    Entry entry = wanted.get(file);
    FillManifest from = manifest;
    if (repairs.size() >= maxRepairs || (from != null && entry == null)) {
      repairsRefused++;
      return false;
    }
    repairs.add(file);
    givenUp.remove(file);
    if (from != null && entry != null && !running.containsKey(file)) {
      waiting.putIfAbsent(file, job(file, entry, from));
    }
    return true;
  }

  /** One that came when none are taken any more. */
  void refuseRepair() {
    repairsRefused++;
  }

  /** A worker has it now. */
  void begin(FillJob job) {
    waiting.remove(job.file());
    running.put(job.file(), job);
  }

  /**
   * Forgets a file that is here, or not wanted any more.
   *
   * @return whether it was a repair
   */
  boolean done(FillJob job) {
    running.remove(job.file());
    return repairs.remove(job.file());
  }

  /** It waits for another try, at its old place in the order. */
  void putBack(FillJob job) {
    running.remove(job.file());
    Entry entry = wanted.get(job.file());
    FillManifest from = manifest;
    if (entry != null && from != null) {
      job.renew(entry, from.window(), from.version());
      waiting.put(job.file(), job);
      refresh();
    }
  }

  /**
   * It is not tried again until the manifest says something else of it.
   *
   * @return whether that is so already, and it waits again
   */
  boolean giveUp(FillJob job) {
    running.remove(job.file());
    repairs.remove(job.file());
    if (manifest != null && isSameOrder(job, manifest)) {
      givenUp.put(job.file(), job);
      return false;
    }
    refresh();
    return true;
  }

  /**
   * What failed of these before counts no more.
   *
   * @return whether one of them was given up, and waits again
   */
  boolean beginAnew(List<ContentId> files) {
    boolean givenUpBefore = givenUp.keySet().removeAll(files);
    for (ContentId file : files) {
      FillJob job = waiting.get(file);
      if (job != null) {
        job.begunAnew();
      }
    }
    if (givenUpBefore) {
      refresh();
    }
    return givenUpBefore;
  }

  /** How much of the file is here, in bytes, as far as it is known without asking the disk. */
  long present(ContentId file) {
    FillJob job = running.containsKey(file) ? running.get(file) : waiting.get(file);
    Entry entry = wanted.get(file);
    return job != null
        ? job.present()
        : entry != null && held.test(file) ? entry.file().length() : 0;
  }

  /**
   * The entry of the block list that the job's file names; null when none is, or none is wanted.
   */
  @Nullable CatalogEntry blockList(FillJob job) {
    ContentId list = job.blockList();
    Entry entry = list == null ? null : wanted.get(list);
    return entry == null ? null : entry.file();
  }

  @Nullable FillManifest manifest() {
    return manifest;
  }

  /** What the newest manifest lists. */
  Map<ContentId, Entry> wanted() {
    return wanted;
  }

  /** In the manifest's order; of a later manifest it is another map. */
  Map<ContentId, FillJob> waiting() {
    return waiting;
  }

  @Nullable FillJob waiting(ContentId file) {
    return waiting.get(file);
  }

  Collection<FillJob> running() {
    return running.values();
  }

  boolean isRunning(ContentId file) {
    return running.containsKey(file);
  }

  /** Those that wait or run, first asked first. */
  Set<ContentId> repairs() {
    return repairs;
  }

  boolean isRepair(FillJob job) {
    return repairs.contains(job.file());
  }

  /** Repairs that were not taken on, or dropped with the manifest, since the start. */
  long repairsRefused() {
    return repairsRefused;
  }

  private boolean isSameOrder(FillJob job, FillManifest in) {
    Entry entry = wanted.get(job.file());
    return entry != null && job.sameOrder(entry, in.window());
  }

  private FillJob job(ContentId file, Entry entry, FillManifest from) {
    return new FillJob(++jobs, file, entry, from.window(), from.version());
  }
}
