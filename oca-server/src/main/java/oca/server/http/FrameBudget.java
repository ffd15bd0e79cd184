package oca.server.http;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts the frames of one HTTP/2 connection that cost us more than their sender, in windows of
 * time. On the connection's event loop only.
 */
final class FrameBudget {
  private final Http2Config limits;
  private final Tally tally;
  private final Map<Http2Fault, Integer> counts = new EnumMap<>(Http2Fault.class);
  private final long windowNanos;
  private long begunNanos;
  private int emptyInARow;
  private boolean spent;

  FrameBudget(Http2Config limits, Tally tally, long nanos) {
    this.limits = limits;
    this.tally = tally;
    this.windowNanos = limits.frameWindow().toNanos();
    this.begunNanos = nanos;
  }

  /**
   * Counts a frame.
   *
   * @throws Http2Exception that ends the connection when it is one too many
   */
  void spend(Http2Fault kind, long nanos) throws Http2Exception {
    if (nanos - begunNanos >= windowNanos) {
      begunNanos = nanos;
      counts.clear();
    }
    boolean isReset = kind == Http2Fault.RESETS || kind == Http2Fault.RESETS_CAUSED;
    int most = isReset ? limits.maxResets() : limits.maxControlFrames();
    if (counts.merge(kind, 1, Integer::sum) > most) {
      throw tooMany(kind);
    }
  }

  /** Counts a DATA frame. */
  void data(int bytes, boolean isLast) throws Http2Exception {
    if (bytes > 0 || isLast) {
      emptyInARow = 0;
    } else if (++emptyInARow > limits.maxEmptyFrames()) {
      throw tooMany(Http2Fault.FLOOD);
    }
  }

  private Http2Exception tooMany(Http2Fault kind) {
    if (!spent) {
      spent = true;
      tally.http2Fault(kind);
    }
    return Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "%s", kind.sentence());
  }

  /** Whether the connection ends for this, which is counted already. */
  boolean isSpent() {
    return spent;
  }
}
