package oca.protocol.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** One counter for each reason. Safe on any thread. */
final class ListenerCounts {
  private final Map<ListenerReason, LongAdder> counters = new EnumMap<>(ListenerReason.class);

  ListenerCounts() {
    for (ListenerReason reason : ListenerReason.values()) {
      counters.put(reason, new LongAdder());
    }
  }

  void count(ListenerReason reason) {
    counter(reason).increment();
  }

  long of(ListenerReason reason) {
    return counter(reason).sum();
  }

  Map<ListenerReason, Long> all() {
    Map<ListenerReason, Long> all = new EnumMap<>(ListenerReason.class);
    counters.forEach((reason, counter) -> all.put(reason, counter.sum()));
    return all;
  }

  private LongAdder counter(ListenerReason reason) {
    LongAdder counter = counters.get(reason);
    if (counter == null) {
      throw new IllegalStateException("every reason has a counter: " + reason);
    }
    return counter;
  }
}
