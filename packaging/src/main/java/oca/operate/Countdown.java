package oca.operate;

import java.util.ArrayDeque;
import java.util.Deque;

/** How something goes down to nothing, and when it will be there at the pace of the last minute. */
final class Countdown {
  private static final long WINDOW_NANOS = 60_000_000_000L;
  private static final int MOST = 600;

  private final Deque<long[]> samples = new ArrayDeque<>();

  /** Notes what is left at a time of a monotonic clock. */
  void note(long nanos, long left) {
    samples.addLast(new long[] {nanos, left});
    while (samples.size() > 2
        && (samples.size() > MOST || nanos - samples.getFirst()[0] > WINDOW_NANOS)) {
      samples.removeFirst();
    }
  }

  /** Such as {@code 5m 20s left}; what is known when it does not go down. */
  String timeLeft() {
    if (samples.size() < 2) {
      return "time left not known yet";
    }
    long[] first = samples.getFirst();
    long[] last = samples.getLast();
    long gone = first[1] - last[1];
    if (gone <= 0) {
      return "does not get less";
    }
    double perNano = gone / (double) Math.max(1, last[0] - first[0]);
    return "about " + Figures.time(Math.round(last[1] / perNano / 1e9)) + " left";
  }
}
