package oca.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.nio.charset.StandardCharsets;
import oca.server.range.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request of HTTP/1 back until its content is here. On the connection's event loop only.
 */
final class ContentReading {
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Serving serving;
  private final Channel channel;
  private final Runnable goOn;
  private @Nullable Arrival arrival;
  private @Nullable RequestContent content;
  private @Nullable ChannelFuture asked;

  /**
   * @param goOn run when there may be more to read without anything coming in
   */
  ContentReading(Serving serving, Channel channel, Runnable goOn) {
    this.serving = serving;
    this.channel = channel;
    this.goOn = goOn;
  }

  /** Whether a request is held back. */
  boolean isUnderWay() {
    return content != null;
  }

  /**
   * Begins with what follows a head.
   *
   * @return the request, or what is wrong with it; null when more has to come
   */
  @Nullable Arrival begin(Arrival request, HeadInput input) {
    PullHead head = request.head();
    if (head == null || head.length() == 0) {
      return request;
    }
    if (head.length() > serving.config().maxContent().bytes()) {
      return Arrival.refused(Outcome.BODY_REFUSED, request.nanos());
    }
    arrival = request;
    content = serving.contentOf(head.length());
    Arrival whole = goOn(input);
    if (whole == null && head.expectsToBeAsked()) {
      // No answer may overtake it, and those go other ways to the socket.
      asked = channel.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE)).addListener(_ -> goOn.run());
    }
    return whole;
  }

  /** The same for a request that was begun. */
  @Nullable Arrival goOn(HeadInput input) {
    RequestContent its = content;
    Arrival request = arrival;
    if (its == null || request == null || (asked != null && !asked.isDone())) {
      return null;
    }
    return switch (its.take(input)) {
      case MORE -> null;
      case WHOLE -> {
        content = null; // the exchange's from now on
        drop();
        PullHead head = request.head();
        yield head == null ? request : request.with(head.with(its));
      }
      case TOO_LARGE -> refused(Outcome.BODY_REFUSED);
      case NO_ROOM -> refused(Outcome.BUSY);
      case MALFORMED -> refused(Outcome.BAD_REQUEST);
    };
  }

  /** The request is none, or none that will be waited for. */
  Arrival refused(Outcome fault) {
    drop();
    return Arrival.refused(fault, System.nanoTime());
  }

  /** Forgets it. */
  void drop() {
    RequestContent its = content;
    if (its != null) {
      its.release();
    }
    content = null;
    arrival = null;
    asked = null;
  }
}
