package oca.steering.routes;

import java.util.Map;

/** When a view changed last, and what was kept out of it. Safe on any thread. */
final class ViewNews {
  private final Tally<RouteRefusal> refusals = new Tally<>(RouteRefusal.class);
  private volatile long changedAt;
  private volatile boolean hasChanged;

  void changed(long nanos) {
    changedAt = nanos;
    hasChanged = true;
  }

  void refused(RouteRefusal reason) {
    refusals.count(reason);
  }

  /** Nanoseconds since the last change; -1 when there was none. */
  long unchangedFor(long now) {
    return hasChanged ? Math.max(0, now - changedAt) : -1;
  }

  Map<String, Long> refused() {
    return refusals.byLabel(RouteRefusal::label);
  }
}
