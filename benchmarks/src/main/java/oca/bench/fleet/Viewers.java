package oca.bench.fleet;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import oca.bench.fleet.Figures.Kind;

/**
 * Players that ask steering for a file at a steady rate all together, whoever is slow: a question
 * that comes late because the one before was not answered is timed from when it was due.
 */
final class Viewers implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 5_000;

  private final Layout layout;
  private final Figures figures;
  private final InetSocketAddress steering;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  Viewers(Layout layout, Figures figures, InetSocketAddress steering) {
    this.layout = layout;
    this.figures = figures;
    this.steering = steering;
  }

  /**
   * Begins.
   *
   * @param perSecond questions, all connections together
   */
  void start(int perSecond, int connections, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < connections; i++) {
      int connection = i;
      SplittableRandom own = random.split();
      long every = (long) (1e9 * connections / perSecond);
      threads.add(Thread.ofVirtual().start(() -> ask(connection, own, every)));
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }

  private void ask(int connection, SplittableRandom own, long every) {
    try (Exchange line = new Exchange(steering, layout.address(connection))) {
      long due = System.nanoTime() + (long) (own.nextDouble() * every);
      while (!closed) {
        long left = due - System.nanoTime();
        if (left > 0) {
          LockSupport.parkNanos(left);
          continue;
        }
        String target =
            "/v1/steer?path="
                + layout.asked(own)
                + "&client="
                + layout.viewer(own.nextInt(layout.sites()), own);
        try {
          Exchange.Answer answer = line.get(target, "", PATIENCE_MILLIS);
          figures.answered(
              Kind.DECISION,
              (System.nanoTime() - due) / 1000,
              answer.status(),
              0,
              answer.body().length);
        } catch (IOException e) {
          if (!closed) {
            figures.failed(Kind.DECISION, e.getClass().getSimpleName());
          }
        }
        due += every;
      }
    }
  }
}
