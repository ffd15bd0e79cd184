package oca.server.fill;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillAsk;
import oca.protocol.FillGrant;
import oca.protocol.FillProgress;
import oca.protocol.FillProgress.State;
import oca.protocol.FillReport.Result;
import org.jspecify.annotations.Nullable;

/**
 * The grants in hand, and what became of them, until a controller has acknowledged it: memory only,
 * for a controller tells again what was forgotten.
 *
 * <p>Of each job the highest generation and attempt are kept, and no grant below or at them is
 * taken: so it does not matter that messages come twice, late or from a controller that does not
 * know yet that another decides. What even that lets through, the store refuses by the generation.
 *
 * <p>Safe on any thread; its lock is taken under the queue's, and calls nobody.
 */
final class GrantDesk implements Grants {
  /** Jobs whose newest grant is remembered at most. */
  private static final int MOST_SEEN = 100_000;

  /** A job's newest grant. */
  private record Newest(long generation, int attempt) {
    boolean covers(FillGrant.Grant grant) {
      return grant.generation() < generation
          || (grant.generation() == generation && grant.attempt() <= attempt);
    }
  }

  /** A grant in hand. */
  private static final class Work {
    final FillGrant.Grant grant;
    final ContentId file;
    State state = State.RUNNING;
    long bytes;
    long bytesFromOrigin;
    String reason = "";

    Work(FillGrant.Grant grant) {
      this.grant = grant;
      this.file = grant.file();
    }

    boolean is(long generation, int attempt) {
      return grant.generation() == generation && grant.attempt() == attempt;
    }
  }

  private final GrantConfig config;
  private final LongSupplier nanoClock;

  /** Released when there may be something to ask, and when there may be something to tell. */
  final Semaphore toAsk = new Semaphore(0);

  final Semaphore toTell = new Semaphore(0);
  private final Map<Long, Work> works = new LinkedHashMap<>();
  private final Map<ContentId, Work> byFile = new HashMap<>();
  private final LinkedHashMap<Long, Newest> seen = new LinkedHashMap<>(16, 0.75f, true);
  private long heard;
  private long answered;

  /** A desk without grants; its patience begins now. */
  GrantDesk(GrantConfig config, LongSupplier nanoClock) {
    this.config = config;
    this.nanoClock = nanoClock;
    this.answered = nanoClock.getAsLong();
  }

  @Override
  public synchronized boolean inForce() {
    return switch (config.use()) {
      case REQUIRED -> true;
      case PREFERRED -> nanoClock.getAsLong() - answered < config.patience().toNanos();
      case OFF -> false;
    };
  }

  @Override
  public synchronized Collection<ContentId> files() {
    List<ContentId> files = new ArrayList<>(works.size());
    for (Work work : works.values()) {
      if (work.state == State.RUNNING) {
        files.add(work.file);
      }
    }
    return files;
  }

  @Override
  public synchronized @Nullable Writer writer(CatalogEntry file) {
    Work work = byFile.get(file.id());
    return work != null && work.state == State.RUNNING && work.grant.sha256().equals(file.sha256())
        ? new Writer(work.grant.job(), work.grant.generation())
        : null;
  }

  @Override
  public void moved() {
    toAsk.release();
    toTell.release();
  }

  /**
   * Takes what a controller says.
   *
   * @return files that may be begun now and could not before
   */
  synchronized List<ContentId> take(FillGrant told) {
    answered = nanoClock.getAsLong();
    heard = Math.max(heard, told.number());
    List<ContentId> fresh = new ArrayList<>();
    for (FillGrant.Grant grant : told.grants()) {
      Newest newest = seen.get(grant.job());
      if (newest == null || !newest.covers(grant)) {
        remember(grant);
        drop(works.get(grant.job()));
        Work work = new Work(grant);
        works.put(grant.job(), work);
        byFile.put(work.file, work);
        fresh.add(work.file);
      }
    }
    for (FillGrant.Stop stop : told.stops()) {
      Work work = works.get(stop.job());
      if (work != null
          && work.is(stop.generation(), stop.attempt())
          && stop.by() >= stop.generation()) {
        drop(work);
      }
    }
    return fresh;
  }

  /** Files of all grants in hand. */
  synchronized List<ContentId> inHandFiles() {
    return List.copyOf(byFile.keySet());
  }

  /** What became of a file; nothing, if it was not granted. */
  synchronized void ended(Result result) {
    Work work = byFile.get(result.file());
    if (work != null && work.state == State.RUNNING) {
      work.bytesFromOrigin = result.bytesFromOrigin();
      end(work, result.filled() ? State.HELD : State.FAILED, result.reason());
    }
  }

  /** Nobody wants the file here any more: the controller will say so, and is told nothing. */
  synchronized void unwanted(ContentId file) {
    drop(byFile.get(file));
  }

  /** Files that are held although nobody told what became of them, are told as held. */
  synchronized void settle(Predicate<ContentId> held) {
    for (Work work : works.values()) {
      if (work.state == State.RUNNING && held.test(work.file)) {
        end(work, State.HELD, "");
      }
    }
  }

  /**
   * An ask with all that is in hand.
   *
   * @param bytes how much of a file is here
   */
  synchronized FillAsk ask(
      ApplianceId appliance, String bootId, int room, ToLongFunction<ContentId> bytes) {
    List<FillAsk.Running> running = new ArrayList<>(works.size());
    for (Work work : works.values()) {
      FillGrant.Grant grant = work.grant;
      running.add(
          new FillAsk.Running(
              grant.job(), grant.generation(), grant.attempt(), reached(work, bytes)));
    }
    return new FillAsk(
        appliance, bootId, room, heard, running, Math.max(1, config.poll().toMillis()));
  }

  /**
   * How far it is.
   *
   * @param onlyEnds leaves out what goes on
   */
  synchronized List<FillProgress.Item> progress(boolean onlyEnds, ToLongFunction<ContentId> bytes) {
    List<FillProgress.Item> items = new ArrayList<>();
    for (Work work : works.values()) {
      if (!onlyEnds || work.state != State.RUNNING) {
        FillGrant.Grant grant = work.grant;
        items.add(
            new FillProgress.Item(
                grant.job(),
                grant.generation(),
                grant.attempt(),
                work.state,
                reached(work, bytes),
                work.bytesFromOrigin,
                work.reason));
      }
    }
    return items;
  }

  /** The controller has these ends in its book. */
  synchronized void acknowledged(List<FillProgress.Item> items) {
    for (FillProgress.Item item : items) {
      Work work = works.get(item.job());
      if (work != null
          && item.state() != State.RUNNING
          && work.is(item.generation(), item.attempt())) {
        drop(work);
      }
    }
  }

  /** Grants in hand, ended ones that were not acknowledged included. */
  synchronized int inHand() {
    return works.size();
  }

  private void end(Work work, State how, String reason) {
    work.state = how;
    work.reason = reason;
    moved();
  }

  private void drop(@Nullable Work work) {
    if (work != null) {
      works.remove(work.grant.job());
      byFile.remove(work.file, work);
    }
  }

  private void remember(FillGrant.Grant grant) {
    seen.put(grant.job(), new Newest(grant.generation(), grant.attempt()));
    if (seen.size() > MOST_SEEN) {
      Iterator<Long> longestUnused = seen.keySet().iterator();
      longestUnused.next();
      longestUnused.remove();
    }
  }

  private static long reached(Work work, ToLongFunction<ContentId> bytes) {
    work.bytes = Math.max(work.bytes, bytes.applyAsLong(work.file));
    return work.bytes;
  }
}
