package oca.protocol.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Asks threads that must not stand still whether they do. */
public final class Probe {
  private Probe() {}

  /**
   * Whether each of these, such as the event loops of a group, takes a task within {@code
   * patience}. One that was shut down counts as having done so: it is on its way out.
   */
  public static boolean turn(Iterable<? extends Executor> loops, Duration patience)
      throws InterruptedException {
    List<Executor> all = new ArrayList<>();
    loops.forEach(all::add);
    CountDownLatch left = new CountDownLatch(all.size());
    for (Executor loop : all) {
      try {
        loop.execute(left::countDown);
      } catch (RejectedExecutionException e) {
        left.countDown();
      }
    }
    return left.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whether a question that may block for ever is answered within {@code patience}. */
  public static boolean answers(Runnable question, Duration patience) throws InterruptedException {
    Executor apart =
        answered ->
            Thread.ofPlatform()
                .daemon()
                .name("probe")
                .start(
                    () -> {
                      question.run();
                      answered.run();
                    });
    return turn(List.of(apart), patience);
  }
}
