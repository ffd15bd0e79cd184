package oca.steering.routes;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts routes not taken in, by reason. Safe on any thread. */
final class Refusals {
  private final Map<RouteRefusal, LongAdder> counters = new EnumMap<>(RouteRefusal.class);

  Refusals() {
    for (RouteRefusal reason : RouteRefusal.values()) {
      counters.put(reason, new LongAdder());
    }
  }

  void count(RouteRefusal reason) {
    LongAdder counter = counters.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  /** Those above 0, by label. */
  Map<String, Long> byLabel() {
    Map<String, Long> counts = new TreeMap<>();
    counters.forEach(
        (reason, counter) -> {
          if (counter.sum() > 0) {
            counts.put(reason.label(), counter.sum());
          }
        });
    return counts;
  }
}
