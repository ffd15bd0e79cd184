package oca.server.http;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The next turns of what goes on in turns on one event loop: a few of them, then the loop looks at
 * its sockets, then a few more.
 *
 * <p>A task that has itself executed again does not do that: the loop runs tasks for as long as
 * there are any, up to a second, and looks at no socket meanwhile, so that one reader who takes
 * everything at once would keep all others waiting. A scheduled task is not run before the loop has
 * looked, even when it is due at once. On the event loop only.
 */
final class Turns {
  /** About two milliseconds of sending. */
  private static final int IN_A_ROW = 16;

  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private final Runnable run = this::run;
  private @Nullable EventExecutor loop;
  private boolean isDue;

  /** Takes turns on a loop, which is the same for all. */
  Executor on(EventExecutor its) {
    loop = its;
    return turn -> {
      waiting.add(turn);
      becomeDue();
    };
  }

  private void becomeDue() {
    EventExecutor its = loop;
    if (its != null && !isDue && !waiting.isEmpty()) {
      isDue = true;
      var _ = its.schedule(run, 0, TimeUnit.NANOSECONDS);
    }
  }

  private void run() {
    isDue = false;
    try {
      // Those that are added meanwhile stand behind.
      for (int left = Math.min(IN_A_ROW, waiting.size()); left > 0; left--) {
        waiting.remove().run();
      }
    } finally {
      becomeDue();
    }
  }
}
