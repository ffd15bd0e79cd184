package oca.store.pull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What is counted since the start. Safe on any thread. */
final class Tally {
  // Filled here and never changed, so that they may be read by any thread.
  private final Map<PullRefusal, AtomicLong> refused = counters(PullRefusal.class);
  private final Map<PullListener.Cause, AtomicLong> dropped = counters(PullListener.Cause.class);
  final AtomicLong created = new AtomicLong();
  final AtomicLong written = new AtomicLong();
  final AtomicLong errors = new AtomicLong();
  final AtomicLong hangs = new AtomicLong();

  private static <K extends Enum<K>> Map<K, AtomicLong> counters(Class<K> kinds) {
    Map<K, AtomicLong> counters = new EnumMap<>(kinds);
    for (K kind : kinds.getEnumConstants()) {
      counters.put(kind, new AtomicLong());
    }
    return counters;
  }

  /** Counts a refusal; the fault that says so. */
  PullRefusedException refuse(PullRefusal why) {
    count(refused, why);
    return new PullRefusedException(why);
  }

  void dropped(PullListener.Cause cause) {
    count(dropped, cause);
  }

  Map<PullRefusal, Long> refused() {
    return values(PullRefusal.class, refused);
  }

  Map<PullListener.Cause, Long> dropped() {
    return values(PullListener.Cause.class, dropped);
  }

  private static <K> void count(Map<K, AtomicLong> in, K kind) {
    AtomicLong counter = in.get(kind);
    if (counter != null) {
      counter.incrementAndGet();
    }
  }

  private static <K extends Enum<K>> Map<K, Long> values(
      Class<K> kinds, Map<K, AtomicLong> counters) {
    Map<K, Long> values = new EnumMap<>(kinds);
    counters.forEach((kind, counter) -> values.put(kind, counter.get()));
    return values;
  }
}
