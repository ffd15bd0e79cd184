package oca.steering.routes;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** Counts by reason, one counter each. Safe on any thread. */
public final class Tally<R extends Enum<R>> {
  private final Map<R, LongAdder> counters;

  /** All at 0. */
  public Tally(Class<R> reasons) {
    counters = new EnumMap<>(reasons);
    for (R reason : reasons.getEnumConstants()) {
      counters.put(reason, new LongAdder());
    }
  }

  /** One more. */
  public void count(R reason) {
    LongAdder counter = counters.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  /** Those above 0, by what {@code label} says. */
  public Map<String, Long> byLabel(Function<R, String> label) {
    Map<String, Long> counts = new TreeMap<>();
    counters.forEach(
        (reason, counter) -> {
          if (counter.sum() > 0) {
            counts.put(label.apply(reason), counter.sum());
          }
        });
    return counts;
  }

  /** How many since the start. */
  public long of(R reason) {
    LongAdder counter = counters.get(reason);
    return counter == null ? 0 : counter.sum();
  }
}
