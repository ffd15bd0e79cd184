package oca.fill.jobs;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import oca.model.ApplianceId;
import oca.protocol.FillAsk;
import org.jspecify.annotations.Nullable;

/** One appliance in the engine's memory: what waits for it, what it works on, what it asked. */
final class Desk {
  /** One job that has not ended; in the queue only while its standing does not change. */
  static final class Entry {
    final long number;
    final Desk desk;
    Standing standing;

    /** Not to be tried yet. */
    boolean waits;

    Entry(long number, Desk desk, Standing standing) {
      this.number = number;
      this.desk = desk;
      this.standing = standing;
    }
  }

  /** What is known of a grant between two checkpoints. */
  static final class Running {
    final Entry entry;
    long bytes;
    long writtenNanos;

    Running(Entry entry, long now) {
      this.entry = entry;
      this.bytes = entry.standing.checkpoint();
      this.writtenNanos = now;
    }
  }

  private static final Comparator<Entry> URGENCY =
      Comparator.comparingLong((Entry entry) -> entry.standing.deadline())
          .thenComparing(entry -> entry.standing.value(), Comparator.reverseOrder())
          .thenComparingLong(entry -> entry.number);

  final ApplianceId id;
  final CircuitBreaker breaker;

  /** What may be given out, most urgent first. */
  final TreeSet<Entry> queue = new TreeSet<>(URGENCY);

  final Map<Long, Running> granted = new HashMap<>();

  /** Not heard yet, by number. */
  final TreeMap<Long, Tell> outbox = new TreeMap<>();

  /** An ask without an answer. */
  @Nullable FillAsk waiting;

  /** Whether it has asked while the slot was ours, and so fills by grants. */
  boolean asks;

  Desk(ApplianceId id, CircuitBreaker breaker) {
    this.id = id;
    this.breaker = breaker;
  }

  /** That grant, if it is the one in force; null when not. */
  @Nullable Running granted(long job, long generation, int attempt) {
    Running running = granted.get(job);
    return running != null
            && running.entry.standing.generation() == generation
            && running.entry.standing.attempt() == attempt
        ? running
        : null;
  }

  /** Whether it is to be told of that grant anyway. */
  boolean willHear(long job, Standing standing) {
    return outbox.values().stream()
        .anyMatch(
            tell ->
                tell.kind() == Tell.Kind.GRANT
                    && tell.job() == job
                    && tell.attempt() == standing.attempt()
                    && tell.generation() == standing.generation());
  }
}
