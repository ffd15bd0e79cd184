package oca.fill.publish;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Appliances of which others said that they send wrong bytes: for a while nobody is sent to them.
 * Known by host and port, {@value #MOST} at most. Any thread.
 */
public final class PeerFaults {
  static final int MOST = 10_000;

  private final long nanos;
  private final LongSupplier nanoTime;
  private final Map<String, Long> until = new HashMap<>();

  /**
   * Knows of nobody yet.
   *
   * @param lasts how long one is avoided
   * @param nanoTime a monotonic clock
   */
  public PeerFaults(Duration lasts, LongSupplier nanoTime) {
    this.nanos = lasts.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Somebody said so of these. */
  public synchronized void note(List<String> authorities) {
    long now = nanoTime.getAsLong();
    for (String authority : authorities) {
      if (until.size() < MOST || until.containsKey(authority)) {
        until.put(authority, now + nanos);
      }
    }
  }

  /** Who is avoided now. */
  public synchronized Set<String> avoided() {
    long now = nanoTime.getAsLong();
    until.values().removeIf(end -> now - end >= 0);
    return until.keySet().stream().collect(Collectors.toUnmodifiableSet());
  }
}
