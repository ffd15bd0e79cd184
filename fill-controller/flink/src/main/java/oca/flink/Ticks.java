package oca.flink;

import java.io.IOException;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.TimerService;

/**
 * When a key that has news is looked at: at the next whole second of the clock, and at the end of a
 * log that ends.
 */
final class Ticks {
  private static final long SECOND = 1000;

  /** Reached when all of a log that ends was read, and never else. */
  private static final long END = Long.MAX_VALUE - 1;

  private Ticks() {}

  /** Sees to it that the key is looked at within a second. */
  static void soon(TimerService timers, ValueState<Long> next) throws IOException {
    at(timers, next, (timers.currentProcessingTime() / SECOND + 1) * SECOND);
    timers.registerEventTimeTimer(END);
  }

  /** Sees to it that the key is looked at by then; an earlier look that is due stays. */
  static void at(TimerService timers, ValueState<Long> next, long millis) throws IOException {
    Long due = next.value();
    if (due != null && due <= millis) {
      return;
    }
    if (due != null) {
      timers.deleteProcessingTimeTimer(due);
    }
    timers.registerProcessingTimeTimer(millis);
    next.update(millis);
  }
}
