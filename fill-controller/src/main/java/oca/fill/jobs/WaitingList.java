package oca.fill.jobs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import oca.fill.jobs.Desk.Entry;

/** Jobs that are to be tried again later, by the engine's clock. */
final class WaitingList {
  private record Wait(long due, long order, Entry entry) {}

  private final PriorityQueue<Wait> waits =
      new PriorityQueue<>(Comparator.comparingLong(Wait::due).thenComparingLong(Wait::order));
  private long order;

  void add(long due, Entry entry) {
    waits.add(new Wait(due, order++, entry));
  }

  /** Those whose time has come; some of them may be of a slot that was lost. */
  List<Entry> due(long now) {
    List<Entry> due = new ArrayList<>();
    for (Wait next = waits.peek(); next != null && next.due() <= now; next = waits.peek()) {
      waits.remove();
      due.add(next.entry());
    }
    return due;
  }

  long nanosToNext(long now) {
    Wait next = waits.peek();
    return next == null ? Long.MAX_VALUE : next.due() - now;
  }
}
