package oca.fill.jobs;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import oca.fill.jobs.Desk.Entry;
import oca.fill.jobs.Desk.Running;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;

/** The memory of one slot while its lease is ours. Thrown away with the lease. */
final class Slot {
  final Lease lease;

  /** Its jobs that have not ended. */
  final Map<Long, Entry> jobs = new HashMap<>();

  final Map<ApplianceId, Desk> desks = new TreeMap<>();

  /** Whether its jobs have been read from the book. Until then it is of no use. */
  boolean loaded;

  /** Whether there are more jobs in the book than there was room for. */
  boolean partial;

  /** Rows of the outbox that go with the next write. */
  final List<Long> heard = new ArrayList<>();

  private final Function<ApplianceId, CircuitBreaker> breakers;

  Slot(Lease lease, Function<ApplianceId, CircuitBreaker> breakers) {
    this.lease = lease;
    this.breakers = breakers;
  }

  Desk desk(ApplianceId appliance) {
    return desks.computeIfAbsent(appliance, id -> new Desk(id, breakers.apply(id)));
  }

  /**
   * Takes a standing over, if it is newer than the one known.
   *
   * @return the entry when it now waits for a time that has to be kept
   */
  @Nullable Entry put(OpenJob job, long now) {
    Entry entry = jobs.get(job.number());
    if (entry != null && entry.standing.revision() >= job.standing().revision()) {
      return null;
    }
    boolean sameTry = entry != null && entry.standing.attempt() == job.standing().attempt();
    if (entry != null) {
      entry.desk.queue.remove(entry);
    }
    if (job.standing().state().ended()) {
      if (entry != null) {
        jobs.remove(entry.number);
        takeBack(entry);
      }
      return null;
    }
    if (entry == null) {
      entry = new Entry(job.number(), desk(job.appliance()), job.standing());
      jobs.put(entry.number, entry);
    }
    entry.standing = job.standing();
    if (entry.standing.state() == JobState.GRANTED) {
      entry.waits = false;
      if (!entry.desk.granted.containsKey(entry.number)) {
        entry.desk.granted.put(entry.number, new Running(entry, now));
      }
      return null;
    }
    takeBack(entry);
    boolean waited = sameTry && entry.waits;
    entry.waits = waited || job.waitMillis() > 0;
    enqueue(entry);
    return entry.waits && !waited ? entry : null;
  }

  /** Its wait is over. */
  void ready(Entry entry) {
    entry.waits = false;
    enqueue(entry);
  }

  private static void takeBack(Entry entry) {
    if (entry.desk.granted.remove(entry.number) != null) {
      entry.desk.breaker.releasePermission();
    }
  }

  private static void enqueue(Entry entry) {
    if (entry.standing.state() == JobState.QUEUED && !entry.waits && !entry.standing.paused()) {
      entry.desk.queue.add(entry);
    }
  }
}
