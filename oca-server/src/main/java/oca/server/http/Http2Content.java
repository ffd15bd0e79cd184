package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import oca.server.range.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request of HTTP/2 back until its content is here. On the connection's event loop only.
 */
final class Http2Content {
  private static final Http2Headers CONTINUE =
      ReadOnlyHttp2Headers.serverHeaders(false, AsciiString.cached("100"));

  private final Http2Session session;
  private final Http2Stream stream;
  private Arrival arrival;
  private @Nullable RequestContent content;
  private int sizeBefore;

  /**
   * @param arrival the request's head
   */
  Http2Content(Http2Session session, Http2Stream stream, Arrival arrival) {
    this.session = session;
    this.stream = stream;
    this.arrival = arrival;
  }

  /** The request as far as it is here, or what is wrong with it. */
  Arrival arrival() {
    return arrival;
  }

  /** Begins to wait for content; false when none will be waited for. */
  boolean begin() {
    PullHead head = arrival.head();
    if (head == null) {
      return false;
    }
    if (head.length() > session.serving().config().maxContent().bytes()) {
      arrival = Arrival.refused(Outcome.BODY_REFUSED, arrival.nanos());
      return false;
    }
    content = session.serving().contentOf(head.length());
    if (head.expectsToBeAsked()) {
      ChannelHandlerContext ctx = session.context();
      // When it cannot be written, neither can the answer, which tells.
      var _ =
          session.encoder().writeHeaders(ctx, stream.id(), CONTINUE, 0, false, ctx.newPromise());
      session.flush(ctx);
    }
    return true;
  }

  /** Takes some of it; true when the request can be answered, and not again after that. */
  boolean take(ByteBuf some, boolean isLast) {
    RequestContent its = content;
    PullHead head = arrival.head();
    if (its == null || head == null) {
      return false;
    }
    Outcome fault =
        switch (its.take(some, isLast)) {
          case MORE, WHOLE, MALFORMED -> null;
          case TOO_LARGE -> Outcome.BODY_REFUSED;
          case NO_ROOM -> Outcome.BUSY;
        };
    if (fault == null && !isLast) {
      return false;
    }
    content = null;
    if (fault == null) {
      arrival = arrival.with(head.with(its));
    } else {
      its.release();
      arrival = Arrival.refused(fault, arrival.nanos());
    }
    return true;
  }

  /** Whether some has come since this was asked last. */
  boolean hasProgressed() {
    int before = sizeBefore;
    RequestContent its = content;
    sizeBefore = its == null ? 0 : its.size();
    return sizeBefore > before;
  }

  /** Forgets what has come, unless the request is being answered. */
  void drop() {
    RequestContent its = content;
    if (its != null) {
      content = null;
      its.release();
    }
  }

  /** Forgets what has come of a request that will not be answered. */
  void dropAll() {
    drop();
    PullHead head = arrival.head();
    RequestContent whole = head == null ? null : head.content();
    if (whole != null) {
      whole.release();
    }
  }
}
