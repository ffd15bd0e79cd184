package oca.steering.fleet;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Messages of one kind by what became of them. Safe on any thread. */
final class VerdictCounts {
  private final Map<Verdict, LongAdder> counters = new EnumMap<>(Verdict.class);

  VerdictCounts() {
    for (Verdict verdict : Verdict.values()) {
      counters.put(verdict, new LongAdder());
    }
  }

  void count(Verdict verdict) {
    LongAdder counter = counters.get(verdict);
    if (counter != null) {
      counter.increment();
    }
  }

  long sum(Verdict verdict) {
    LongAdder counter = counters.get(verdict);
    return counter == null ? 0 : counter.sum();
  }
}
