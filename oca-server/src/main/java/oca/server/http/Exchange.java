package oca.server.http;

import java.util.List;
import java.util.concurrent.TimeUnit;
import oca.model.ByteRange;
import oca.model.ContentId;
import oca.protocol.ServeRecord;
import oca.server.authorize.Reason;
import oca.server.authorize.Verdict;
import oca.server.cmcd.Cmcd;
import oca.server.range.ContentRequest;
import oca.server.range.ContentRequest.Method;
import oca.server.range.MultipartLayout;
import oca.server.range.Outcome;
import oca.server.range.Reply;
import oca.server.range.ReplyPlanner;
import oca.store.BlockMap;
import oca.store.ContentKey;
import oca.store.ContentLease;
import oca.store.Lookup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request being answered: what must be given back and told when it ends, however it ends. On
 * the connection's event loop only.
 *
 * <p>A lease has to be closed exactly once, and is handed out by a lookup to whoever asks. So the
 * lookup is made here, no other class of this package asks or closes, and whoever answers has at
 * most one exchange under way, which it ends: there is no path on which a lease is kept, or closed
 * twice. It is begun anew for the next request, so that a request makes no garbage by it.
 */
final class Exchange {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  /** Stands in records for a request that named no file. */
  static final ContentId NO_FILE = new ContentId(0, 0);

  private final Serving serving;
  private final EventLoopState loop;
  private final Asker asker;
  private final Protocol protocol;
  private long begunNanos;
  private ContentId file = NO_FILE;
  private Outcome outcome = Outcome.FAULT;
  private boolean last = true;
  private @Nullable ContentLease lease;
  private @Nullable ServedFile served;
  private boolean wantsDigest;
  private Cmcd cmcd = Cmcd.NONE;
  private @Nullable MultipartLayout layout;
  private long firstByte;
  private long counted;
  private boolean underWay;
  private boolean isBulk;

  /**
   * @param asker who asks
   * @param protocol by which it asks
   */
  Exchange(Serving serving, EventLoopState loop, Asker asker, Protocol protocol) {
    this.serving = serving;
    this.loop = loop;
    this.asker = asker;
    this.protocol = protocol;
  }

  /** Begins with a request; until {@link #answers} it counts as a fault. */
  void begin(long nanos) {
    if (underWay) {
      throw new IllegalStateException("the request before is still being answered");
    }
    underWay = true;
    begunNanos = nanos;
    file = NO_FILE;
    outcome = Outcome.FAULT;
    last = true;
    served = null;
    wantsDigest = false;
    cmcd = Cmcd.NONE;
    layout = null;
    firstByte = 0;
    counted = 0;
  }

  /** Whether a request is being answered. */
  boolean isUnderWay() {
    return underWay;
  }

  /** Looks up what is asked for and decides on the answer, once for each request. */
  Reply plan(Arrival arrival) {
    Outcome fault = arrival.fault();
    if (fault != null) {
      return new Reply.Refused(fault);
    }
    if (arrival.isBulk()) {
      if (!serving.bulk().enter()) {
        return new Reply.Busy();
      }
      isBulk = true;
    }
    Hints hints = arrival.hints();
    cmcd =
        loop.cmcd()
            .parse(
                hints.query(),
                hints.cmcdRequest(),
                hints.cmcdObject(),
                hints.cmcdStatus(),
                hints.cmcdSession());
    wantsDigest = arrival.wantsDigest();
    ContentRequest request = arrival.request();
    KnownPaths.Path path = allowed(arrival);
    if (path == null) {
      return new Reply.Forbidden();
    }
    ContentId id = path.id();
    ContentKey key = path.key();
    if (id == null || key == null) {
      return ReplyPlanner.plan(request, null, serving.config().maxRanges());
    }
    file = id;
    if (request.method() != Method.GET && request.method() != Method.HEAD) {
      return ReplyPlanner.plan(request, null, serving.config().maxRanges());
    }
    try {
      return plan(request, path, key);
    } catch (RuntimeException e) {
      log.warn("the lookup of {} failed", path.text(), e);
      served = null;
      return new Reply.Refused(Outcome.FAULT);
    }
  }

  /** The file's path without the token in front of it; null when the asker may not have it. */
  private KnownPaths.@Nullable Path allowed(Arrival arrival) {
    KnownPaths.Path path = arrival.path();
    if (serving.isPublic() || arrival.request().method() == Method.OPTIONS) {
      // A browser asks what it may send before it sends anything, tokens included.
      return path;
    }
    long second = Math.floorDiv(serving.clock().millis(), 1000L);
    return switch (loop.verifier()
        .authorize(path.text(), arrival.hints().query(), asker.address(), second)) {
      case Verdict.Granted(String granted) ->
          granted.equals(path.text()) ? path : loop.paths().of(granted);
      case Verdict.Denied(Reason reason) -> {
        serving.tally().denied(reason);
        yield null;
      }
    };
  }

  private Reply plan(ContentRequest request, KnownPaths.Path path, ContentKey key) {
    if (lease != null || !underWay) {
      throw new IllegalStateException("a second lookup in one exchange");
    }
    return switch (serving.content().lookup(key)) {
      case Lookup.Hit(ContentLease hit) -> {
        lease = hit;
        ServedFile whole = path.of(hit.meta());
        served = whole;
        yield laidOut(
            ReplyPlanner.plan(request, whole.representation(), serving.config().maxRanges()),
            whole);
      }
      case Lookup.Filling(ContentLease part, BlockMap blocks) -> {
        lease = part;
        ServedFile partial = path.of(part.meta());
        served = partial;
        yield laidOut(
            ReplyPlanner.plan(
                request, partial.representation(), serving.config().maxRanges(), blocks::readable),
            partial);
      }
      case Lookup.Miss _ -> ReplyPlanner.plan(request, null, serving.config().maxRanges());
    };
  }

  private Reply laidOut(Reply reply, ServedFile file) {
    if (reply instanceof Reply.Parts(List<ByteRange> ranges)) {
      layout = MultipartLayout.of(ranges, file.representation(), serving.boundaries().get());
    }
    return reply;
  }

  /** How several ranges are sent; null when they are not what is answered. */
  @Nullable MultipartLayout layout() {
    return layout;
  }

  /**
   * Notes what is answered.
   *
   * @param isLast whether the connection is closed after it
   * @param first offset of the first byte that is sent of the file, 0 when none is
   */
  void answers(Outcome with, boolean isLast, long first) {
    outcome = with;
    last = isLast;
    firstByte = first;
  }

  /** The lease on the file, to read by until the end; null when the store has none of it. */
  @Nullable ContentLease lease() {
    return lease;
  }

  /** The file that was found and is spoken of; null when the store has none of it. */
  @Nullable ServedFile file() {
    return served;
  }

  /** Another answer is given in place of the file, as nothing of it was sent. */
  void refuses(Outcome with) {
    served = null;
    layout = null;
    outcome = with;
    firstByte = 0;
  }

  /** Whether the file's digest is wanted (RFC 9530). */
  boolean wantsDigest() {
    return wantsDigest;
  }

  /** What the player told of itself. */
  Cmcd cmcd() {
    return cmcd;
  }

  /** Whether the player hears of the load in turn for what it told. */
  boolean tellsLoad() {
    return cmcd.source() != Cmcd.Source.NONE;
  }

  /** Whether the answer says how long it was prepared. */
  boolean isTimed() {
    return serving.config().serverTiming() && underWay;
  }

  /** Milliseconds since the request was there. */
  double millis() {
    return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begunNanos) / 1000.0;
  }

  boolean isLast() {
    return last;
  }

  /** So many bytes of the file were handed to the kernel up to now. */
  void progressed(long handedOver) {
    serving.tally().handedOver(handedOver - counted);
    counted = handedOver;
  }

  /**
   * Ends it; only the first call counts.
   *
   * @param fault why the file could not be read, if that is what broke the answer off
   */
  void end(boolean complete, @Nullable ContentReadException fault, long nanos) {
    if (!underWay) {
      return;
    }
    underWay = false;
    if (isBulk) {
      isBulk = false;
      serving.bulk().leave();
    }
    try {
      release(fault);
    } finally {
      tell(complete, nanos);
    }
  }

  private void release(@Nullable ContentReadException fault) {
    ContentLease of = lease;
    lease = null;
    if (of == null) {
      return;
    }
    try (of) {
      if (fault != null) {
        serving.tally().readFailed();
        if (!fault.isReported()) {
          of.reportReadError(fault);
        }
      }
    }
  }

  private void tell(boolean complete, long nanos) {
    serving.tally().ended(protocol, outcome, complete);
    serving.record(
        new ServeRecord(
            serving.clock().instant(),
            file,
            asker.network(),
            outcome.status(),
            firstByte,
            counted,
            complete,
            TimeUnit.NANOSECONDS.toMicros(nanos - begunNanos),
            outcome.label(),
            cmcd.playback()));
  }
}
