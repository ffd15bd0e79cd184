package oca.server.fill;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Which origins have no time now, and until when they are left alone by all workers. As long as
 * they say, or else a second, twice that, and so on up to a minute. Known by host and port, {@value
 * #MOST} at most: more push the oldest out. Safe on any thread.
 */
final class BackOff {
  static final int MOST = 1024;
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 6;

  private record Rest(long until, int times) {}

  private final Map<String, Rest> rests = new LinkedHashMap<>();
  private final LongAdder noted = new LongAdder();

  /**
   * An origin said that it has no time.
   *
   * @param now on a monotonic clock
   * @param asked how long it wants to be left alone; zero when it does not say so
   */
  synchronized void note(String authority, long now, Duration asked) {
    noted.increment();
    Rest before = rests.remove(authority);
    if (before != null && now - before.until() < 0) {
      rests.put(authority, before); // Asked before it had said so: the same news.
      return;
    }
    int times = before == null ? 0 : before.times();
    Duration own = FIRST.multipliedBy(1L << Math.min(times, MOST_DOUBLINGS));
    if (rests.size() >= MOST) {
      rests.remove(rests.keySet().iterator().next());
    }
    Duration rest = asked.isZero() ? own : asked;
    rests.put(authority, new Rest(now + rest.toNanos(), times + 1));
  }

  /** It sent what it was asked for. */
  synchronized void sent(String authority) {
    rests.remove(authority);
  }

  /** For how many nanoseconds it is left alone yet; 0 or less for not at all. */
  synchronized long left(String authority, long now) {
    Rest rest = rests.get(authority);
    return rest == null ? 0 : rest.until() - now;
  }

  /** How often one said so since the start. */
  long noted() {
    return noted.sum();
  }
}
