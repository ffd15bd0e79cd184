package oca.server.fill;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A response body, read by blocking with a time limit on each wait.
 *
 * <p>The HTTP client's own input stream waits for ever on a source that has gone silent. Here one
 * list of buffers is asked for at a time, so that never more than that is held.
 */
final class BodyStream implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
  private sealed interface Event {
    record Bytes(List<ByteBuffer> buffers) implements Event {}

    record End() implements Event {}

    record Failed(Throwable cause) implements Event {}
  }

  // One list of buffers and the end: never more than two are waiting.
  private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(2);
  private final ArrayDeque<ByteBuffer> ready = new ArrayDeque<>();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile boolean closed;
  // The first list is asked for in onSubscribe.
  private boolean asked = true;
  private boolean ended;

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    if (closed) {
      newSubscription.cancel();
    } else {
      newSubscription.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    events.add(new Event.Bytes(buffers));
  }

  @Override
  public void onError(Throwable cause) {
    events.add(new Event.Failed(cause));
  }

  @Override
  public void onComplete() {
    events.add(new Event.End());
  }

  /**
   * The next bytes, at most {@code most}; valid until the next call.
   *
   * @return null at the end of the body
   * @throws IOException when the source fails, or sends nothing for {@code stall}
   */
  @Nullable ByteBuffer next(int most, Duration stall) throws IOException, InterruptedException {
    while (true) {
      ByteBuffer first = ready.peekFirst();
      if (first == null) {
        if (ended) {
          return null;
        }
        await(stall);
      } else if (!first.hasRemaining()) {
        ready.removeFirst();
      } else {
        int length = Math.min(most, first.remaining());
        ByteBuffer slice = first.slice(first.position(), length);
        first.position(first.position() + length);
        return slice;
      }
    }
  }

  private void await(Duration stall) throws IOException, InterruptedException {
    Flow.Subscription source = subscription;
    if (source != null && !asked) {
      asked = true;
      source.request(1);
    }
    Event event = events.poll(stall.toNanos(), TimeUnit.NANOSECONDS);
    switch (event) {
      case null -> throw new IOException("sent nothing for " + stall.toMillis() + " ms");
      case Event.Bytes bytes -> {
        asked = false;
        ready.addAll(bytes.buffers());
      }
      case Event.End _ -> ended = true;
      case Event.Failed failed -> throw new IOException("broke off: " + failed.cause());
    }
  }

  /** Gives the connection up unless the body has ended. */
  @Override
  public void close() {
    closed = true;
    Flow.Subscription source = subscription;
    if (source != null && !ended) {
      source.cancel();
    }
  }
}
