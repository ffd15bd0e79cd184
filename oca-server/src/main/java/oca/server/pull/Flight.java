package oca.server.pull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import oca.server.caching.ContentRange;
import oca.server.caching.FieldSection;
import oca.server.caching.HopByHop;
import oca.server.caching.Partials;
import oca.server.upstream.Call;
import oca.server.upstream.Question;
import oca.server.upstream.Receiver;
import oca.server.upstream.UpstreamFailure;
import oca.server.upstream.UpstreamHead;
import oca.server.upstream.Upstreams;
import oca.store.pull.PullRefusal;
import oca.store.pull.PullRefusedException;
import oca.store.pull.PulledObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch, and what becomes of its bytes. Those that arrive go to the store, and whoever waits
 * for them is told. When an upstream breaks off in the middle the rest is asked for by range, on
 * the condition that it is of the same representation (RFC 9110, section 13.1.5). On one event loop
 * only, but for what the store's threads tell.
 */
final class Flight implements Receiver {
  private static final Logger log = LoggerFactory.getLogger(Flight.class);
  private static final int HOLD_MILLIS = 2;

  /** Decides what becomes of an answer. */
  interface Landing {
    /** An interim answer came before the head. */
    default void interim(int status, FieldSection fields) {}

    /** The head is there; returns where the body goes, or null when nobody wants it. */
    @Nullable Target head(UpstreamHead head);

    /** All of the body is in the store. */
    void landed();

    /** There is no head, or the body is not to be had. */
    void lost(UpstreamFailure failure, Duration retryAfter, boolean hadHead);
  }

  /**
   * Where a body goes.
   *
   * @param arrivals told of it
   * @param at of its first byte in the object
   * @param last of its last byte in the object, or {@link PulledBody#UNKNOWN} for one that ends
   *     where the object does
   */
  record Target(PulledObject object, Arrivals arrivals, long at, long last) {

    /** All of the object. */
    static Target whole(PulledObject object, Arrivals arrivals) {
      return new Target(object, arrivals, 0, PulledBody.UNKNOWN);
    }

    boolean isWhole() {
      return last == PulledBody.UNKNOWN;
    }
  }

  private final EventLoop loop;
  private final Upstreams upstreams;
  private final Question question;
  private final Landing landing;
  private final FlightLimits limits;
  private @Nullable Call call;
  private @Nullable UpstreamHead head;
  private @Nullable Target target;
  private long next;
  private int unwritten;
  private int resumed;
  private boolean isResuming;
  private boolean isPaused;
  private boolean isHolding;
  private boolean hasAll;
  private boolean isOver;

  Flight(
      EventLoop loop,
      Upstreams upstreams,
      Question question,
      FlightLimits limits,
      Landing landing) {
    this.loop = loop;
    this.upstreams = upstreams;
    this.question = question;
    this.limits = limits;
    this.landing = landing;
  }

  /** Sets off. */
  void start() {
    call = upstreams.send(loop, question, this);
  }

  /** Sets off with content, of which the question knows the length. */
  void start(ByteBuffer content) {
    Call sent = upstreams.send(loop, question, this);
    call = sent;
    if (content.hasRemaining()) {
      sent.content(Unpooled.wrappedBuffer(content));
    }
    sent.contentEnd();
  }

  /** Nobody wants it any more. */
  void cancel() {
    if (!isOver) {
      isOver = true;
      stop();
      drop("cancelled");
    }
  }

  private void stop() {
    Call under = call;
    call = null;
    if (under != null) {
      under.cancel();
    }
  }

  @Override
  public void interim(int status, FieldSection fields) {
    if (!isOver && head == null) {
      landing.interim(status, HopByHop.strip(fields));
    }
  }

  @Override
  public void head(UpstreamHead its) {
    if (isOver) {
      return;
    }
    if (isResuming) {
      resume(its);
      return;
    }
    head = its;
    Target to = landing.head(its);
    target = to;
    if (to != null) {
      next = to.at();
    } else {
      isOver = true;
      if (its.length() != 0) {
        stop(); // else its end comes by itself, and the connection is kept
      }
    }
  }

  /** The rest of a body that broke off has to be just that. */
  private void resume(UpstreamHead its) {
    UpstreamHead first = head;
    ContentRange place = ContentRange.of(its.fields());
    Target to = target;
    boolean isTheRest =
        first != null
            && to != null
            && its.status() == 206
            && place != null
            && place.range().first() == next
            && place.range().last() == (to.isWhole() ? place.length() - 1 : to.last())
            && Partials.mayCombine(first.fields(), its.fields());
    if (isTheRest) {
      isResuming = false;
    } else {
      stop();
      lose(UpstreamFailure.TRUNCATED, Duration.ZERO);
    }
  }

  @Override
  public void body(ByteBuf bytes) {
    Target to = target;
    if (isOver || to == null) {
      bytes.release();
      return;
    }
    long at = next;
    next += bytes.readableBytes();
    unwritten++;
    write(bytes, to, at);
    if (to.object().queued() > limits.maxQueued()) {
      pause();
    }
  }

  private void pause() {
    if (!isPaused && call != null) {
      isPaused = true;
      call.pause();
    }
  }

  private void write(ByteBuf bytes, Target to, long at) {
    isHolding = false;
    to.object().write(at, bytes.nioBuffer(), fault -> written(bytes, to, at, fault));
  }

  /** The store has too much to write already: it is offered again, and nothing more is read. */
  private void hold(ByteBuf bytes, Target to, long at) {
    isHolding = true;
    pause();
    var _ =
        loop.schedule(
            () -> {
              if (isOver) {
                bytes.release();
              } else {
                write(bytes, to, at);
              }
            },
            HOLD_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** On a thread of the store's, or within the call that has it written. */
  private void written(ByteBuf bytes, Target to, long at, @Nullable IOException fault) {
    if (fault instanceof PullRefusedException refused
        && refused.refusal() == PullRefusal.QUEUE_FULL
        && loop.inEventLoop()) {
      hold(bytes, to, at);
      return;
    }
    int length = bytes.readableBytes();
    bytes.release();
    if (fault == null) {
      to.arrivals().arrived(at, at + length);
    }
    loop.execute(() -> written(fault));
  }

  private void written(@Nullable IOException fault) {
    unwritten--;
    Target to = target;
    if (isOver || to == null) {
      return;
    }
    if (fault != null) {
      log.debug("what came cannot be kept: {}", fault.toString());
      stop();
      lose(UpstreamFailure.CONTENT, Duration.ZERO);
      return;
    }
    // What waits of the object may be others'; when none of its own does, nobody else wakes it.
    boolean mayGoOn =
        !isHolding && (unwritten == 0 || to.object().queued() <= limits.maxQueued() / 2);
    if (isPaused && mayGoOn && call != null) {
      isPaused = false;
      call.resume();
    }
    land();
  }

  @Override
  public void end() {
    call = null;
    hasAll = true;
    land();
  }

  private void land() {
    Target to = target;
    if (!hasAll || unwritten > 0 || isOver || to == null) {
      return;
    }
    isOver = true;
    if (to.isWhole()) {
      to.object().finish(next);
      to.arrivals().ended();
    }
    landing.landed();
  }

  @Override
  public void failed(UpstreamFailure failure, String detail, Duration retryAfter) {
    call = null;
    if (isOver) {
      return;
    }
    UpstreamHead first = head;
    log.debug("{} failed: {}, {}", question.target(), failure, detail);
    if (first != null
        && resumed < limits.maxResumes()
        && target != null
        && next > target.at()
        && Partials.isResumable(first.fields())) {
      resumed++;
      isResuming = true;
      isPaused = false;
      String validator = Partials.ifRange(first.fields());
      String last = target.isWhole() ? "" : Long.toString(target.last());
      FieldSection fields =
          question
              .fields()
              .with("Range", "bytes=" + next + '-' + last)
              .with("If-Range", validator == null ? "" : validator);
      call =
          upstreams.send(loop, Question.get(question.target(), fields, question.affinity()), this);
      return;
    }
    lose(failure, retryAfter);
  }

  private void lose(UpstreamFailure failure, Duration retryAfter) {
    isOver = true;
    drop(failure.label());
    landing.lost(failure, retryAfter, head != null);
  }

  private void drop(String why) {
    Target to = target;
    if (to != null && to.isWhole()) {
      // Of a part the rest of its object is as good as before.
      to.object().drop();
      to.arrivals().failed(why);
    }
  }
}
