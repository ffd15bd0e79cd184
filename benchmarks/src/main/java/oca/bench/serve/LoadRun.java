package oca.bench.serve;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run of load over keep-alive connections: each asks for a range at a random offset in whole
 * pages, waits for the whole answer, and asks again.
 *
 * <p>After a ramp the window begins, and at its end nothing more is asked. What is under way then
 * still comes in, but counts only among all requests: the servers' garbage is told by those.
 */
final class LoadRun implements AutoCloseable {
  private static final int PAGE = 4096;
  private static final int HEAD_BYTES = 2048;
  private static final int NUMBERS_BYTES = 64;
  private static final int EVENTS = 512;
  private static final int WAIT_MILLIS = 20;
  private static final int COMPARE_BYTES = 1 << 16;
  private static final long STALL_NANOS = 20_000_000_000L;
  private static final double NANOS = 1e9;

  private final LoadOrder order;
  private final Calls calls = new Calls(EVENTS);
  private final Connection[] connections;
  private final SplittableRandom offsets;
  private final AnswerHead heads;
  private final byte[] begun;
  private final MemorySegment request;
  private final MemorySegment compared = Arena.ofAuto().allocate(COMPARE_BYTES);
  private final byte[] head = new byte[HEAD_BYTES + 64];
  private final Histogram latencies = new Histogram(3);
  private final int epoll;

  private boolean asking = true;
  private int underWay;
  private long answers;
  private long asked;
  private long bytes;
  private long receives;
  private long progressAt;

  private static final class Connection {
    final Line line;
    final MemorySegment head = Arena.ofAuto().allocate(HEAD_BYTES);
    long askedAt;
    long offset;
    int headBytes;
    long left;
    boolean body;

    Connection(Line line) {
      this.line = line;
    }
  }

  private LoadRun(LoadOrder order) throws IOException {
    this.order = order;
    this.offsets = new SplittableRandom(order.seed());
    this.heads = new AnswerHead(order.fileBytes());
    this.connections = new Connection[order.connections()];
    this.epoll = calls.epoll();
    this.begun =
        """
        GET /%s HTTP/1.1\r
        Host: 127.0.0.1\r
        Range: bytes=\
        """
            .formatted(order.path())
            .getBytes(StandardCharsets.US_ASCII);
    this.request = Arena.ofAuto().allocate(begun.length + NUMBERS_BYTES);
    MemorySegment.copy(begun, 0, request, ValueLayout.JAVA_BYTE, 0, begun.length);
  }

  static LoadRun connect(LoadOrder order) throws IOException {
    LoadRun run = new LoadRun(order);
    boolean done = false;
    try {
      TlsLine.@Nullable Context tls =
          order.cipherSuite().isEmpty() ? null : new TlsLine.Context(order.cipherSuite());
      for (int i = 0; i < order.connections(); i++) {
        int socket = run.calls.connect(order.port());
        Line line =
            tls == null ? new ClearLine(run.calls, socket) : tls.shakeHands(run.calls, socket);
        run.connections[i] = new Connection(line);
        run.calls.watch(run.epoll, socket, i);
      }
      done = true;
      return run;
    } finally {
      if (!done) {
        run.close();
      }
    }
  }

  /** The numbers where the window begins or ends. */
  private record Mark(long nanos, long answers, long bytes, long receives, double cpu, double own) {
    double seconds(Mark from) {
      return (nanos - from.nanos) / NANOS;
    }
  }

  private Mark mark() throws IOException {
    double cpu = CpuTime.of(order.servers());
    double own = CpuTime.of(List.of(ProcessHandle.current().pid()));
    return new Mark(System.nanoTime(), answers, bytes, receives, cpu, own);
  }

  /** Runs to its end, or up to a fault, which the result tells of. */
  LoadResult runOrGiveUp() {
    try {
      return run();
    } catch (IOException e) {
      return LoadResult.failed(String.valueOf(e.getMessage()), answers, asked);
    }
  }

  LoadResult run() throws IOException {
    progressAt = System.nanoTime();
    Mark start = mark();
    for (Connection connection : connections) {
      ask(connection);
    }
    if (order.requests() == 0) {
      until(start.nanos + (long) (order.rampSeconds() * NANOS), Long.MAX_VALUE);
      latencies.reset();
      start = mark();
    }
    until(
        order.requests() == 0 ? start.nanos + (long) (order.seconds() * NANOS) : Long.MAX_VALUE,
        order.requests() == 0 ? Long.MAX_VALUE : order.requests());
    Mark end = mark();
    Histogram window = latencies.copy();
    asking = false;
    while (underWay > 0) {
      turn();
    }
    return result(start, end, window);
  }

  private LoadResult result(Mark start, Mark end, Histogram window) {
    return new LoadResult(
        "",
        end.answers - start.answers,
        end.bytes - start.bytes,
        end.seconds(start),
        end.cpu - start.cpu,
        end.own - start.own,
        millis(window.getValueAtPercentile(50)),
        millis(window.getValueAtPercentile(99)),
        millis(window.getValueAtPercentile(99.9)),
        millis(window.getMaxValue()),
        answers,
        asked,
        end.receives - start.receives);
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }

  private void until(long nanos, long count) throws IOException {
    while (System.nanoTime() < nanos && answers < count) {
      turn();
    }
  }

  private void turn() throws IOException {
    int ready = calls.await(epoll, WAIT_MILLIS);
    for (int i = 0; i < ready; i++) {
      read(connections[calls.ready(i)]);
    }
    if (ready > 0) {
      progressAt = System.nanoTime();
    } else if (System.nanoTime() - progressAt > STALL_NANOS) {
      throw new IOException("no answer for 20 s, with %d under way".formatted(underWay));
    }
  }

  private void ask(Connection connection) throws IOException {
    long pages = (order.fileBytes() - order.size()) / PAGE;
    connection.offset = pages == 0 ? 0 : offsets.nextLong(pages + 1) * PAGE;
    connection.headBytes = 0;
    connection.body = false;
    int at = digits(begun.length, connection.offset);
    request.set(ValueLayout.JAVA_BYTE, at++, (byte) '-');
    at = digits(at, connection.offset + order.size() - 1);
    request.set(ValueLayout.JAVA_INT_UNALIGNED, at, 0x0a0d_0a0d);
    connection.askedAt = System.nanoTime();
    underWay++;
    asked++;
    connection.line.send(request, at + 4);
  }

  private int digits(int from, long number) {
    int end = from + 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      end++;
    }
    long rest = number;
    for (int i = end - 1; i >= from; i--) {
      request.set(ValueLayout.JAVA_BYTE, i, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    return end;
  }

  /** Takes what has arrived, up to the end of the answer that is awaited. */
  private void read(Connection now) throws IOException {
    while (true) {
      long wanted = now.body ? now.left : HEAD_BYTES - now.headBytes;
      long got = now.body ? body(now) : head(now, wanted);
      if (got == Line.AGAIN) {
        return;
      }
      if (got == 0) {
        throw new IOException("the server ended a connection in the middle of an answer");
      }
      receives++;
      if (now.body && now.left == 0) {
        answered(now);
        return;
      }
      if (got < wanted && !now.line.keepsBack()) {
        return;
      }
    }
  }

  private long head(Connection now, long wanted) throws IOException {
    long got = now.line.receive(now.head.asSlice(now.headBytes), wanted);
    if (got <= 0) {
      return got;
    }
    now.headBytes += (int) got;
    MemorySegment.copy(now.head, ValueLayout.JAVA_BYTE, 0, head, 0, now.headBytes);
    int end = AnswerHead.end(head, now.headBytes);
    if (end < 0) {
      if (now.headBytes == HEAD_BYTES) {
        throw new IOException("a head of more than " + HEAD_BYTES + " bytes");
      }
      return got;
    }
    heads.check(head, end, now.offset, order.size());
    int begun = now.headBytes - end;
    now.body = true;
    now.left = order.size();
    if (begun > now.left) {
      throw new IOException("more bytes than the %d of the answer".formatted(now.left));
    }
    arrived(now, now.head.asSlice(end), begun);
    return got;
  }

  private long body(Connection now) throws IOException {
    if (!order.verify()) {
      long got = now.line.discard(now.left);
      if (got > 0) {
        now.left -= got;
        bytes += got;
      }
      return got;
    }
    long got = now.line.receive(compared, Math.min(now.left, COMPARE_BYTES));
    if (got > 0) {
      arrived(now, compared, got);
    }
    return got;
  }

  private void arrived(Connection now, MemorySegment segment, long length) throws IOException {
    if (order.verify()) {
      long offset = now.offset + order.size() - now.left;
      long wrong = MadeBytes.mismatch(segment, length, offset);
      if (wrong >= 0) {
        throw new IOException("a wrong byte at " + (offset + wrong));
      }
    }
    now.left -= length;
    bytes += length;
  }

  private void answered(Connection now) throws IOException {
    latencies.recordValue(System.nanoTime() - now.askedAt);
    answers++;
    underWay--;
    if (asking) {
      ask(now);
    }
  }

  @Override
  public void close() {
    for (@Nullable Connection connection : connections) {
      if (connection != null) {
        connection.line.close();
      }
    }
    calls.close(epoll);
  }
}
