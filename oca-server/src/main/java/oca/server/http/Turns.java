package oca.server.http;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
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
 * everything at once would keep all others waiting. Hence the detour: what is put off until the end
 * of an iteration has the next turns executed, which are run once the loop has looked. A scheduled
 * task would do as well, at the price of an object for each few turns. On the event loop only.
 */
final class Turns {
  /** About two milliseconds of sending. */
  private static final int IN_A_ROW = 16;

  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private final Runnable run = this::run;
  private final Runnable runAfterALook = this::runAfterALook;
  private @Nullable EventLoop loop;
  private boolean isDue;

  /** Takes turns on a loop, which is the same for all. */
  Executor on(EventLoop its) {
    loop = its;
    return turn -> {
      waiting.add(turn);
      becomeDue();
    };
  }

  private void becomeDue() {
    EventLoop its = loop;
    if (its == null || isDue || waiting.isEmpty()) {
      return;
    }
    isDue = true;
    if (its instanceof SingleThreadEventLoop one) {
      one.executeAfterEventLoopIteration(runAfterALook);
    } else {
      // A loop of another kind knows no end of an iteration.
      var _ = its.schedule(run, 0, TimeUnit.NANOSECONDS);
    }
  }

  private void runAfterALook() {
    EventLoop its = loop;
    if (its != null) {
      its.execute(run);
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
