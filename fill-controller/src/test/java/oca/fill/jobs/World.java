package oca.fill.jobs;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Virtual time, a seeded source of chance, and a network that loses, delays, reorders and repeats.
 * One thread; the same seed gives the same trace, of which a digest is kept.
 */
final class World {
  static final long MILLI = 1_000_000;

  private record Event(long at, long order, Runnable what) {}

  final SplittableRandom chance;

  /** Off at the end of a schedule: from then on everything works. */
  boolean chaos = true;

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private final StringBuilder story = new StringBuilder();
  private final boolean tells;
  private long now = 1_000_000 * MILLI;
  private long order;
  private long digest = 0xcbf29ce484222325L;
  private long steps;

  World(long seed, boolean tells) {
    this.chance = new SplittableRandom(seed);
    this.tells = tells;
  }

  long now() {
    return now;
  }

  /** The database's clock. */
  long millis() {
    return now / MILLI;
  }

  void at(long delayNanos, Runnable what) {
    events.add(new Event(now + Math.max(0, delayNanos), order++, what));
  }

  /** Runs what is due until then; reentered by somebody who stands still in the middle. */
  void runUntil(long end) {
    for (Event next = events.peek(); next != null && next.at() <= end; next = events.peek()) {
      events.remove();
      now = Math.max(now, next.at());
      steps++;
      next.what().run();
    }
    now = Math.max(now, end);
  }

  /** Sends a message: it arrives never, once, or more often. */
  void send(Runnable arrival) {
    int copies = 1;
    if (chaos) {
      copies = happens(0.06) ? 0 : happens(0.06) ? 2 : 1;
    }
    for (int i = 0; i < copies; i++) {
      long delay = between(1, 40);
      if (chaos && happens(0.05)) {
        delay = between(500, 6_000);
      }
      at(delay * MILLI, arrival);
    }
  }

  boolean happens(double probability) {
    return chance.nextDouble() < probability;
  }

  long between(long least, long most) {
    return chance.nextLong(least, most + 1);
  }

  /** Notes a line of the trace. */
  void note(String line) {
    for (int i = 0; i < line.length(); i++) {
      digest = (digest ^ line.charAt(i)) * 0x100000001b3L;
    }
    digest = (digest ^ now) * 0x100000001b3L;
    if (tells) {
      story.append(now / MILLI - 1_000_000).append(' ').append(line).append('\n');
    }
  }

  long digest() {
    return digest;
  }

  long steps() {
    return steps;
  }

  String story() {
    return story.toString();
  }
}
