package oca.server.http;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import oca.model.ByteRange;
import oca.model.ContentId;
import oca.protocol.ServeRecord;
import oca.protocol.token.Reason;
import oca.server.authorize.Verdict;
import oca.server.caching.FieldSection;
import oca.server.cmcd.Cmcd;
import oca.server.pull.PullRequest;
import oca.server.pull.PullSource;
import oca.server.pull.PulledAnswer;
import oca.server.pull.PulledBody;
import oca.server.range.ContentRequest;
import oca.server.range.ContentRequest.Method;
import oca.server.range.MultipartLayout;
import oca.server.range.Outcome;
import oca.server.range.Reply;
import oca.server.range.ReplyPlanner;
import oca.store.BlockMap;
import oca.store.ContentKey;
import oca.store.ContentLease;
import oca.store.FileLease;
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

  /** Told, on the event loop, of an answer that was not there at once. */
  interface Later {
    /** An interim answer, before the one to come. */
    void interim(Arrival arrival, int status, FieldSection fields);

    /** The answer to that request. */
    void answered(Arrival arrival, Reply reply);
  }

  private final Serving serving;
  private final EventLoopState loop;
  private final Asker asker;
  private final Protocol protocol;
  private long begunNanos;
  private ContentId file = NO_FILE;
  private Outcome outcome = Outcome.FAULT;
  private boolean last = true;
  private @Nullable FileLease lease;
  private @Nullable ServedFile served;
  private boolean wantsDigest;
  private Cmcd cmcd = Cmcd.NONE;
  private @Nullable MultipartLayout layout;
  private long firstByte;
  private long firstByteMicros;
  private @Nullable String source;
  private long counted;
  private @Nullable PulledAnswer pulled;
  private long pulledLength;
  private int asked;
  private @Nullable RequestContent content;
  private boolean underWay;
  private boolean isBulk;
  private @Nullable Arrival planned;

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
    source = null;
    counted = 0;
    pulled = null;
    planned = null;
    asked++;
  }

  /** Whether a request is being answered. */
  boolean isUnderWay() {
    return underWay;
  }

  /**
   * Looks up what is asked for and decides on the answer, once for each request.
   *
   * @param on the connection's event loop
   * @param later told of the answer when it has to be fetched, unless the exchange ended before
   * @return null when it has to be
   */
  @Nullable Reply plan(Arrival arrival, Executor on, Later later) {
    Outcome fault = arrival.fault();
    if (fault != null) {
      return fault == Outcome.BUSY ? new Reply.Busy() : new Reply.Refused(fault);
    }
    PullHead all = arrival.head();
    content = all == null ? null : all.content();
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
    PullHead head = arrival.head();
    PulledAnswer known =
        head != null && head.isPlain()
            ? path.remembered().answer(request, serving.config().maxRanges())
            : null;
    if (known != null) {
      return ofPulled(path, known);
    }
    if (head != null && isForOthers(head) && serving.pulls().serves(path.text())) {
      return pull(arrival, head, path, on, later);
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
      Reply reply = plan(request, path, key);
      return reply instanceof Reply.NotHere ? elsewhere(arrival, path, reply) : reply;
    } catch (RuntimeException e) {
      log.warn("the lookup of {} failed", path.text(), e);
      served = null;
      return new Reply.Refused(Outcome.FAULT);
    }
  }

  /**
   * Whether the request can be looked up once more, because nothing was sent and what was found
   * turned out to be damaged: the store has taken it out, so it comes from the upstream now, or the
   * client is sent elsewhere, as if it had never been here. Once for each request.
   */
  boolean mayPlanAgain(@Nullable ContentReadException fault) {
    return fault != null && fault.isDamage() && underWay && planned == null;
  }

  /** Does so; as {@link #plan(Arrival, Executor, Later)}. */
  @Nullable Reply planAgain(Arrival arrival, ContentReadException fault, Executor on, Later later) {
    serving.tally().readFailed();
    log.warn("a file is not served: {}", fault.getMessage());
    release(null);
    dropPulled(null);
    served = null;
    layout = null;
    if (isBulk) {
      isBulk = false;
      serving.bulk().leave();
    }
    asked++;
    planned = arrival;
    return plan(arrival, on, later);
  }

  /** What is not here may be at the next server. */
  private Reply elsewhere(Arrival arrival, KnownPaths.Path path, Reply notHere) {
    RedirectConfig redirect = serving.config().redirect(path.text());
    return redirect == null
        ? notHere
        : accept(
            redirect.answer(arrival.path().text(), arrival.hints().query(), serving.redirected()));
  }

  /**
   * TRACE would have to be counted from hop to hop (RFC 9110, section 7.6.2), and tells secrets.
   */
  private static boolean isForOthers(PullHead head) {
    return !head.method().equals("OPTIONS") && !head.method().equals("TRACE");
  }

  private Reply ofPulled(KnownPaths.Path path, PulledAnswer answer) {
    ContentId id = path.id();
    file = id == null ? NO_FILE : id;
    return accept(answer);
  }

  private @Nullable Reply pull(
      Arrival arrival, PullHead head, KnownPaths.Path path, Executor on, Later later) {
    ContentId id = path.id();
    file = id == null ? NO_FILE : id;
    PullRequest request =
        new PullRequest(
            head.method(),
            path.text(),
            arrival.hints().query(),
            head.host(),
            head.version(),
            head.fields(),
            head.bytes(),
            serving.config().maxRanges(),
            head.isPlain() ? path.remembered() : null);
    try {
      PulledAnswer now = serving.pulls().ask(request, on, new Awaiting(arrival, asked, later));
      return now == null ? null : accept(now);
    } catch (RuntimeException e) {
      log.warn("{} could not be asked for", path.text(), e);
      return new Reply.Refused(Outcome.FAULT);
    }
  }

  /** Passes on what is told of one request, as long as that is the one. */
  private final class Awaiting implements PullSource.Later {
    private final Arrival arrival;
    private final int question;
    private final Later later;

    Awaiting(Arrival arrival, int question, Later later) {
      this.arrival = arrival;
      this.question = question;
      this.later = later;
    }

    private boolean isMeant() {
      return underWay && question == asked;
    }

    @Override
    public void interim(int status, FieldSection fields) {
      if (isMeant()) {
        later.interim(arrival, status, fields);
      }
    }

    @Override
    public void accept(PulledAnswer answer) {
      if (isMeant()) {
        later.answered(arrival, Exchange.this.accept(answer));
      } else {
        close(answer);
      }
    }
  }

  private Reply accept(PulledAnswer answer) {
    pulled = answer;
    source = isKept(answer) ? ServeRecord.DISK : ServeRecord.PROXIED;
    pulledLength = answer.length();
    if (answer.reply() instanceof Reply.Parts(List<ByteRange> ranges)) {
      String type = answer.fields().first("Content-Type");
      layout =
          MultipartLayout.of(
              ranges,
              pulledLength,
              type == null ? "application/octet-stream" : type,
              serving.boundaries().get());
    }
    return answer.reply();
  }

  /** Whether its bytes were here before it was asked for: Cache-Status says so (RFC 9211). */
  private static boolean isKept(PulledAnswer answer) {
    String status = answer.fields().first("Cache-Status");
    return status != null && status.contains("; hit");
  }

  private static void close(PulledAnswer answer) {
    PulledBody body = answer.body();
    if (body != null) {
      body.close();
    }
  }

  /** What was fetched, or kept from then; null for an answer of another kind. */
  @Nullable PulledAnswer pulled() {
    return pulled;
  }

  /** Of its whole body as its head tells it, or {@link PulledBody#UNKNOWN}. */
  long pulledLength() {
    return pulledLength;
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
        source = ServeRecord.DISK;
        ServedFile whole = path.of(hit.meta());
        served = whole;
        yield laidOut(
            ReplyPlanner.plan(request, whole.representation(), serving.config().maxRanges()),
            whole);
      }
      case Lookup.Filling(ContentLease part, BlockMap blocks) -> {
        lease = part;
        source = ServeRecord.FILLING;
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
  @Nullable FileLease lease() {
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
    dropPulled(null);
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
    if (counted == 0 && handedOver > 0) {
      long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begunNanos);
      serving.tally().firstBytes().count(micros, file, outcome.status());
      firstByteMicros = micros;
    }
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
    planned = null;
    RequestContent asked = content;
    if (asked != null) {
      content = null;
      asked.release();
    }
    PulledAnswer answer = pulled;
    int status = answer != null && outcome == Outcome.WHOLE ? answer.status() : outcome.status();
    if (isBulk) {
      isBulk = false;
      serving.bulk().leave();
    }
    try {
      release(fault);
      dropPulled(fault);
    } finally {
      tell(status, complete, nanos);
    }
  }

  private void dropPulled(@Nullable ContentReadException fault) {
    PulledAnswer answer = pulled;
    pulled = null;
    if (answer == null || answer.body() == null) {
      return;
    }
    try (PulledBody body = answer.body()) {
      if (fault != null) {
        serving.tally().readFailed();
        if (!fault.isReported()) {
          body.lease().reportReadError(fault);
        }
      }
    }
  }

  private void release(@Nullable ContentReadException fault) {
    FileLease of = lease;
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

  private void tell(int status, boolean complete, long nanos) {
    serving.tally().ended(protocol, outcome, complete);
    serving.record(
        new ServeRecord(
            serving.clock().instant(),
            file,
            asker.network(),
            status,
            firstByte,
            counted,
            complete,
            TimeUnit.NANOSECONDS.toMicros(nanos - begunNanos),
            outcome.label(),
            cmcd.playback(),
            counted > 0 ? source : null,
            counted > 0 ? firstByteMicros : null));
  }
}
