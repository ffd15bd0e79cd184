package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import oca.server.pull.PulledBody;
import org.jspecify.annotations.Nullable;

/**
 * Sends heads with bodies that may be coming in yet over one connection of HTTP/1: what is there by
 * a {@link BodySender}, then what has come meanwhile, and so on. A head never waits for its body.
 * On the connection's event loop only.
 */
final class PulledSender {
  /** Told how a body fares, on the event loop. */
  interface Told {
    /** With null when all of it was handed over. */
    void pulledEnded(@Nullable IOException cause);

    /** Nothing was sent, not even of the head, and nothing comes. */
    void pulledRefused();
  }

  private final Channel channel;
  private final BodySender bodies;
  private final Told told;
  private @Nullable PulledBody body;
  private @Nullable BodyRuns runs;
  private @Nullable ByteBuf head;
  private long done;
  private boolean isWaiting;
  private boolean isLast;
  private boolean isUntouched;

  /**
   * @param told of the end of each body
   */
  PulledSender(Channel channel, BodySender bodies, Told told) {
    this.channel = channel;
    this.bodies = bodies;
    this.told = told;
  }

  /** Begins; the answer before must have ended. */
  void send(ByteBuf ahead, PulledBody of, BodyRuns its) {
    head = ahead;
    body = of;
    runs = its;
    done = 0;
    isLast = false;
    isUntouched = true;
    goOn();
  }

  /** Whether a body is being sent. */
  boolean isUnderWay() {
    return runs != null;
  }

  /** Whether it stands still until more has come. */
  boolean isWaiting() {
    return isWaiting;
  }

  /** Whether nothing was sent of it, not even of the head. */
  boolean isUntouched() {
    return isUntouched;
  }

  /** Bytes of the file that were handed over in runs before the present one. */
  long done() {
    return done;
  }

  /** A run has ended. */
  void runEnded(@Nullable IOException cause) {
    isUntouched = false;
    done += bodies.handedOver();
    if (cause != null) {
      end(cause);
    } else {
      goOn();
    }
  }

  private void goOn() {
    BodyRuns its = runs;
    PulledBody of = body;
    if (its == null || of == null) {
      return;
    }
    while (true) {
      switch (its.next()) {
        case RUN -> {
          bodies.send(
              before(its), of.lease(), of.lease().contentOffset() + its.first(), its.length());
          return;
        }
        case WAIT -> {
          if (head != null && of.isComing(its.position())) {
            write(takeHead());
            return;
          }
          isWaiting = true;
          if (of.await(its.position(), its.wanted(), channel.eventLoop(), () -> woken(its))) {
            return;
          }
          isWaiting = false;
        }
        case END -> {
          ByteBuf last = before(its);
          if (last.isReadable()) {
            isLast = true;
            write(last);
          } else {
            last.release();
            end(null);
          }
          return;
        }
        case BROKEN -> {
          if (head != null) {
            drop();
            told.pulledRefused();
          } else {
            end(new IOException("no more is coming: " + of.fault()));
          }
          return;
        }
      }
    }
  }

  private void woken(BodyRuns its) {
    if (its == runs) {
      isWaiting = false;
      goOn();
    }
  }

  private ByteBuf before(BodyRuns its) {
    ByteBuf ahead = takeHead();
    return (ahead == null ? channel.alloc().directBuffer(its.before().length) : ahead)
        .writeBytes(its.before());
  }

  private @Nullable ByteBuf takeHead() {
    ByteBuf ahead = head;
    head = null;
    return ahead;
  }

  private void write(@Nullable ByteBuf bytes) {
    if (bytes == null) {
      return;
    }
    isUntouched = false;
    BodyRuns its = runs;
    channel
        .writeAndFlush(bytes)
        .addListener(
            (ChannelFuture written) -> {
              if (its != runs) {
                return;
              }
              Throwable cause = written.cause();
              if (cause != null) {
                end(new IOException(cause));
              } else if (isLast) {
                end(null);
              } else {
                goOn();
              }
            });
  }

  private void end(@Nullable IOException cause) {
    drop();
    told.pulledEnded(cause);
  }

  /** Lets go of it; nobody is told. */
  void drop() {
    runs = null;
    body = null;
    isWaiting = false;
    ByteBuf ahead = takeHead();
    if (ahead != null) {
      ahead.release();
    }
  }
}
