package oca.demo;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last things that happened, for the page; at most {@value #KEPT}. Safe on any thread. */
final class EventLog {
  private static final int KEPT = 100;

  private final InstantSource clock;
  private final Deque<DemoState.Event> events = new ArrayDeque<>();

  EventLog(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void add(PlanClock calendar, String text) {
    if (events.size() == KEPT) {
      events.removeFirst();
    }
    var now = clock.instant();
    events.addLast(new DemoState.Event(calendar.timeOfDay(now), calendar.day(now), text));
  }

  /** Oldest first. */
  synchronized List<DemoState.Event> events() {
    return List.copyOf(events);
  }
}
