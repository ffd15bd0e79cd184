package oca.bench.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import oca.bench.serve.AbuseReport.Holding;
import org.jspecify.annotations.Nullable;

/** Looks at what a server holds ten times a second, by a thread of its own, until closed. */
final class Holdings implements AutoCloseable {
  private static final long PAUSE_NANOS = 100_000_000;
  private static final long PAGE = 4096;

  /** Such as a class or a log that was opened meanwhile. */
  static final int SLACK = 4;

  private static final int CLOSE_TRIES = 150;

  private final Server server;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Holding highest = new Holding(0, 0, -1, 0, 0, 0);
  private volatile @Nullable IOException fault;

  private Holdings(Server server) {
    this.server = server;
    this.thread = new Thread(this::look, "holdings");
  }

  static Holdings watch(Server server) {
    Holdings holdings = new Holdings(server);
    holdings.thread.start();
    return holdings;
  }

  /** What it holds now; with live heap after a collection, if that is asked for. */
  static Holding now(Server server, boolean collected) throws IOException {
    long tcp = Footprint.tcpPages(Files.readAllLines(Path.of("/proc/net/sockstat"))) * PAGE;
    long live = -1;
    long direct = 0;
    long connections = -1;
    if (server instanceof OurServer ours) {
      live = collected ? ours.memory().usedHeap() : -1;
      Counters counters = ours.counters();
      direct = counters.directMemory();
      connections = counters.connections();
    }
    return new Holding(
        Footprint.resident(server.pids()),
        direct,
        live,
        Footprint.files(server.pids()),
        connections,
        tcp);
  }

  /**
   * Waits until a server has no more files open than it had, serves no connection, and its counters
   * stand still: answers that are broken off are counted one after the other.
   *
   * @return the seconds that took, or -1 when it did not happen within 15 seconds
   */
  static double awaitQuiet(Server server, long files) throws IOException {
    long start = System.nanoTime();
    Counters last = new Counters(-1, 0, Map.of());
    for (int i = 0; i < CLOSE_TRIES; i++) {
      Counters now = server instanceof OurServer ours ? ours.counters() : last;
      boolean still = now.connections() <= 0 && now.counts().equals(last.counts());
      if (still && Footprint.files(server.pids()) <= files + SLACK) {
        return (System.nanoTime() - start) / 1e9;
      }
      last = now;
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return -1;
  }

  private void look() {
    try {
      while (!closed) {
        highest = highest.most(now(server, false));
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (IOException e) {
      fault = e; // told when it is closed
    }
  }

  /** The most of each. */
  Holding highest() throws IOException {
    IOException failed = fault;
    if (failed != null) {
      throw failed;
    }
    return highest;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
