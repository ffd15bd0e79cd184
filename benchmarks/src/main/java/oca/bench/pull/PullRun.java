package oca.bench.pull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import oca.bench.serve.CpuTime;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link Script} over as many connections as were ordered, by one thread. Answers that
 * are wrong or do not come are samples like all others.
 */
final class PullRun implements AutoCloseable {
  private static final int READ_BYTES = 256 << 10;
  private static final int WAIT_MILLIS = 10;
  private static final long SWEEP_NANOS = 50_000_000;

  private final PullOrder order;
  private final Selector selector;
  private final List<PullLine> lines = new ArrayList<>();
  private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparingLong((Due it) -> it.ask.notBefore()));
  private final List<Sample> samples = new ArrayList<>();
  private @Nullable Script script;
  private int open;
  private long sweepAt;

  /** A request whose time has not come. */
  private record Due(PullLine line, Ask ask) {}

  private PullRun(PullOrder order) throws IOException {
    this.order = order;
    this.selector = Selector.open();
  }

  /**
   * Connects all.
   *
   * @throws IOException when one cannot
   */
  static PullRun connect(PullOrder order) throws IOException {
    FileLimit.check(order.connections());
    PullRun run = new PullRun(order);
    boolean done = false;
    try {
      Noise noise = new Noise();
      HeadScan scan = new HeadScan();
      for (int i = 0; i < order.connections(); i++) {
        PullLine line = new PullLine(i, order.port(), run.selector, noise, scan);
        run.lines.add(line);
        line.open();
      }
      done = true;
      return run;
    } finally {
      if (!done) {
        run.close();
      }
    }
  }

  /** Runs to its end, and writes the samples. */
  PullResult run() throws IOException {
    List<Long> self = List.of(ProcessHandle.current().pid());
    double server = CpuTime.of(order.servers());
    double own = CpuTime.of(self);
    long start = System.nanoTime();
    script = Script.of(order, start);
    open = lines.size();
    for (PullLine line : lines) {
      goOn(line, null);
    }
    while (open > 0) {
      selector.select(this::ready, due.isEmpty() ? WAIT_MILLIS : 1);
      sendDue();
      sweep();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    PullResult result =
        new PullResult("", seconds, CpuTime.of(order.servers()) - server, CpuTime.of(self) - own);
    Samples.write(Path.of(order.samples()), samples);
    return result;
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof PullLine line) {
      Sample done = line.read(in);
      if (done != null) {
        samples.add(done);
        goOn(line, done);
      }
    }
  }

  /** Has a connection ask for the next, at once or when its time comes. */
  private void goOn(PullLine line, @Nullable Sample last) {
    Script from = script;
    long now = System.nanoTime();
    Ask next = from == null ? null : from.next(line.number(), last, now);
    if (next == null) {
      open--;
    } else if (next.notBefore() > now) {
      due.add(new Due(line, next));
    } else {
      send(line, next);
    }
  }

  private void send(PullLine line, Ask next) {
    Sample failed = line.send(next);
    if (failed != null) {
      samples.add(failed);
      Script from = script;
      Ask after = from == null ? null : from.next(line.number(), failed, failed.lastAt());
      if (after == null) {
        open--;
      } else {
        due.add(new Due(line, after)); // not at once: nothing may be listening
      }
    }
  }

  private void sendDue() {
    long now = System.nanoTime();
    for (Due first = due.peek();
        first != null && first.ask.notBefore() <= now;
        first = due.peek()) {
      due.remove();
      send(first.line, first.ask);
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    if (now < sweepAt) {
      return;
    }
    sweepAt = now + SWEEP_NANOS;
    for (PullLine line : lines) {
      if (line.isUnderWay() && now - line.askedAt() > order.timeoutMillis() * 1_000_000L) {
        Sample late = line.late();
        samples.add(late);
        goOn(line, late);
      }
    }
  }

  @Override
  public void close() throws IOException {
    lines.forEach(PullLine::close);
    selector.close();
  }
}
