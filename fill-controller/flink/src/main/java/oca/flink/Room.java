package oca.flink;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import oca.fill.causes.Attribution;
import oca.fill.causes.Attribution.Count;
import oca.fill.causes.JoinState;
import oca.fill.causes.Labelled;
import oca.fill.causes.Rules;
import org.jspecify.annotations.Nullable;

/**
 * The join of one group: an {@link Attribution} of its own, and before it what the log has not yet
 * reached. For one thread.
 *
 * <p>Time moves in whole seconds of the log: when a message is taken, all seconds that had passed
 * when it came have brought their labels, and none later. That depends on the log alone. A group
 * needs nothing of another, and so all groups together give what one join of all would.
 */
final class Room {
  private static final long SECOND = 1000;

  /** A group of which nothing waits is looked at so often, to forget it. */
  private static final long LINGER = 600 * SECOND;

  private final Saved saved;
  private final PriorityQueue<Joining> pending = new PriorityQueue<>(Joining.ORDER);
  private final Map<Count, Long> told = new EnumMap<>(Count.class);
  private @Nullable Attribution attribution;

  /** What is in a checkpoint; the join is null when nothing was taken yet. */
  record Saved(
      @com.fasterxml.jackson.annotation.JsonInclude(
              com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL)
          @Nullable JoinState join,
      List<Joining> pending,
      Map<String, Long> told) {
    Saved {
      pending = List.copyOf(pending);
    }
  }

  private Room(Saved saved) {
    this.saved = saved;
    pending.addAll(saved.pending());
    for (Count count : Count.values()) {
      told.put(count, saved.told().getOrDefault(count.label(), 0L));
    }
  }

  static Room empty() {
    return new Room(new Saved(null, List.of(), Map.of()));
  }

  static Room of(Saved saved) {
    return new Room(saved);
  }

  /** Keeps what came, until the log has passed it. */
  void add(Joining joining) {
    pending.add(joining);
  }

  /**
   * Takes all that came before a moment, and labels what is due then.
   *
   * @param tick a whole second, in milliseconds since 1970; all of the log before it is here
   */
  List<Labelled> step(Rules rules, long tick) {
    Attribution join = attribution(rules);
    List<Labelled> labelled = new ArrayList<>();
    while (!pending.isEmpty() && pending.element().received() < tick) {
      Joining next = pending.remove();
      Instant now = Instant.ofEpochMilli(next.received());
      labelled.addAll(join.advance(Instant.ofEpochMilli(second(next.received()))));
      next.answers().forEach(answer -> join.take(answer, next.group(), now));
      next.served().forEach(served -> join.take(served, now));
    }
    labelled.addAll(join.advance(Instant.ofEpochMilli(tick)));
    return labelled;
  }

  /** What was counted since this was last asked. */
  Map<Count, Long> counted(Rules rules) {
    Attribution join = attribution(rules);
    Map<Count, Long> more = new EnumMap<>(Count.class);
    for (Count count : Count.values()) {
      long now = join.count(count);
      long before = told.getOrDefault(count, 0L);
      if (now != before) {
        more.put(count, now - before);
        told.put(count, now);
      }
    }
    return more;
  }

  /**
   * The first whole second after {@code tick} at which there is something to do, in milliseconds;
   * {@link Long#MAX_VALUE} when nothing is known any more.
   */
  long next(Rules rules, long tick) {
    Attribution join = attribution(rules);
    long next = join.isEmpty() ? Long.MAX_VALUE : tick + LINGER;
    Instant due = join.due().orElse(null);
    if (due != null) {
      next = Math.min(next, second(due.toEpochMilli()) + SECOND);
    }
    if (!pending.isEmpty()) {
      next = Math.min(next, second(pending.element().received()) + SECOND);
    }
    return next == Long.MAX_VALUE ? next : Math.max(next, tick + SECOND);
  }

  /** The first whole second after a moment, in milliseconds since 1970. */
  static long after(long millis) {
    return second(millis) + SECOND;
  }

  private static long second(long millis) {
    return Math.floorDiv(millis, SECOND) * SECOND;
  }

  Saved saved() {
    Map<String, Long> counts = new java.util.TreeMap<>();
    told.forEach((count, number) -> counts.put(count.label(), number));
    return new Saved(
        attribution == null ? saved.join() : attribution.state(), List.copyOf(pending), counts);
  }

  private Attribution attribution(Rules rules) {
    if (attribution == null) {
      attribution =
          saved.join() == null ? new Attribution(rules) : Attribution.of(rules, saved.join());
    }
    return attribution;
  }
}
