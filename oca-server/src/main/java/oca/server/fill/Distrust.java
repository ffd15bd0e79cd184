package oca.server.fill;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Who sent bytes that are not the published ones, and until when they are asked for nothing. Known
 * by host and port, {@value #MOST} at most: more push the oldest out. Safe on any thread.
 */
final class Distrust {
  static final int MOST = 1024;

  private final long nanos;
  private final Map<String, Long> until = new LinkedHashMap<>();
  private final LongAdder noted = new LongAdder();

  /** Distrusts nobody yet; later each for so many nanoseconds. */
  Distrust(long nanos) {
    this.nanos = nanos;
  }

  /** Notes that {@code authority} sent wrong bytes at {@code now}, on a monotonic clock. */
  synchronized void note(String authority, long now) {
    noted.increment();
    until.remove(authority);
    if (until.size() >= MOST) {
      until.remove(until.keySet().iterator().next());
    }
    until.put(authority, now + nanos);
  }

  /** Whether {@code authority} is not to be asked at {@code now}. */
  synchronized boolean holds(String authority, long now) {
    Long end = until.get(authority);
    if (end != null && now - end >= 0) {
      until.remove(authority);
      return false;
    }
    return end != null;
  }

  /** How often somebody was noted since the start. */
  long noted() {
    return noted.sum();
  }
}
