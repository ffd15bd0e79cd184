package oca.server.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import oca.model.ByteRange;
import oca.server.caching.FieldSection;
import oca.server.pull.PulledAnswer;
import oca.server.range.CacheStatus;
import oca.server.range.HttpDate;
import oca.server.range.MultipartLayout;
import oca.server.range.Outcome;
import oca.server.range.Reply;
import org.jspecify.annotations.Nullable;

/**
 * What the header section of each reply says, whatever the protocol: the one list of which every
 * protocol is a rendering, so that they cannot differ. Also the short constant body of errors (RFC
 * 9457). Safe on any thread.
 */
final class ReplyFields {

  /** What scripts may see and measure of all answers, in any page. */
  private static final FieldLines FOR_SCRIPTS =
      FieldLines.of(
          "Access-Control-Allow-Origin",
          "*",
          "Access-Control-Expose-Headers",
          "Content-Length, Content-Range, ETag, Accept-Ranges, Date, Server-Timing, Cache-Status,"
              + " Retry-After, CMSD-Dynamic, Repr-Digest",
          "Timing-Allow-Origin",
          "*");

  private static final FieldLines PREFLIGHT =
      FieldLines.of(
          "Access-Control-Allow-Methods",
          "GET, HEAD, OPTIONS",
          "Access-Control-Allow-Headers",
          "Range, If-Range, If-Match, If-None-Match, If-Modified-Since, If-Unmodified-Since,"
              + " CMCD-Object, CMCD-Request, CMCD-Session, CMCD-Status",
          "Access-Control-Max-Age",
          "86400");

  private static final FieldLines ALLOW = FieldLines.of("Allow", "GET, HEAD, OPTIONS");
  private static final FieldLines OF_PROBLEM =
      FieldLines.of("Content-Type", "application/problem+json", "Cache-Control", "no-store");

  private final InstantSource clock;
  private final Supplier<FieldLines> retryAfter;
  private final Supplier<FieldLines> load;
  private final Map<Outcome, FieldLines> cacheStatus = new EnumMap<>(Outcome.class);
  private final Map<Outcome, byte[]> problems = new EnumMap<>(Outcome.class);
  private volatile DateField date = new DateField(Long.MIN_VALUE, FieldLines.of());

  /** The Date field as it is in one second. Two threads may both make it; it is the same. */
  private record DateField(long second, FieldLines lines) {}

  /**
   * @param retryAfter the line of a 503, see {@link #retryAfter(Duration)}
   * @param load what players are told of the server's load (CTA-5006)
   * @param cacheName names this cache in Cache-Status (RFC 9211)
   */
  ReplyFields(
      InstantSource clock,
      Supplier<FieldLines> retryAfter,
      String cacheName,
      Supplier<FieldLines> load) {
    this.load = load;
    this.clock = clock;
    CacheStatus status = CacheStatus.of(cacheName);
    this.retryAfter = retryAfter;
    for (Outcome outcome : Outcome.values()) {
      cacheStatus.put(outcome, FieldLines.of("Cache-Status", status.value(outcome)));
      problems.put(outcome, outcome.isError() ? problem(outcome) : new byte[0]);
    }
  }

  /** What tells a client to come again after that time. */
  static FieldLines retryAfter(Duration wait) {
    return FieldLines.of("Retry-After", Long.toString(wait.toSeconds()));
  }

  /**
   * Renders all fields of a reply but those that are about its connection.
   *
   * @param of what is answered
   */
  <T> void render(T into, FieldSink<T> sink, Reply reply, Exchange of) {
    Outcome outcome = reply.outcome();
    sink.lines(into, date());
    sink.lines(into, FOR_SCRIPTS);
    sink.lines(into, lineOf(cacheStatus, outcome));
    if (of.isTimed()) {
      sink.field(into, FieldName.SERVER_TIMING, "head;dur=" + of.millis());
    }
    if (of.tellsLoad()) {
      sink.lines(into, load.get());
    }
    ServedFile file = of.file();
    if (file != null) {
      ofFile(into, sink, reply, of, file);
    }
    switch (outcome) {
      case PREFLIGHT -> sink.lines(into, PREFLIGHT);
      case METHOD_NOT_ALLOWED -> sink.lines(into, ALLOW);
      case BUSY -> sink.lines(into, retryAfter.get());
      case WHOLE,
          PART,
          PARTS,
          NOT_MODIFIED,
          BAD_REQUEST,
          FORBIDDEN,
          NOT_HERE,
          HEAD_TIMEOUT,
          PRECONDITION_FAILED,
          BODY_REFUSED,
          TARGET_TOO_LONG,
          UNSATISFIABLE,
          TOO_MANY_RANGES,
          HEAD_TOO_LARGE,
          FAULT,
          GONE,
          UPSTREAM_FAULT,
          UPSTREAM_AWAY,
          NOT_CACHED,
          UPSTREAM_LATE,
          LOOP,
          VERSION_UNKNOWN -> {}
    }
    if (outcome.isError()) {
      sink.lines(into, OF_PROBLEM);
      sink.number(into, FieldName.CONTENT_LENGTH, problemOf(outcome).length);
    }
  }

  /**
   * Renders all fields of an answer that was pulled but those that are about its connection.
   *
   * @param isChunked whether a body of unknown length is sent in chunks (RFC 9112, section 6.1)
   */
  <T> void renderPulled(
      T into, FieldSink<T> sink, Reply reply, Exchange of, PulledAnswer pulled, boolean isChunked) {
    FieldSection fields = pulled.fields();
    if (!fields.has("Date")) {
      sink.lines(into, date());
    }
    if (!fields.has("Access-Control-Allow-Origin")) {
      sink.lines(into, FOR_SCRIPTS);
    }
    if (of.isTimed()) {
      sink.field(into, FieldName.SERVER_TIMING, "head;dur=" + of.millis());
    }
    if (of.tellsLoad()) {
      sink.lines(into, load.get());
    }
    MultipartLayout layout = of.layout();
    sink.section(
        into,
        layout == null ? fields : fields.without(name -> name.equalsIgnoreCase("Content-Type")));
    framing(into, sink, reply, of.pulledLength(), layout, pulled, isChunked);
    if (reply.outcome().isError()) {
      sink.lines(into, OF_PROBLEM);
      sink.number(into, FieldName.CONTENT_LENGTH, problemOf(reply.outcome()).length);
    }
  }

  private static <T> void framing(
      T into,
      FieldSink<T> sink,
      Reply reply,
      long length,
      @Nullable MultipartLayout layout,
      PulledAnswer pulled,
      boolean isChunked) {
    switch (reply) {
      case Reply.Whole() -> {
        if (length >= 0 && pulled.status() != 204) {
          sink.number(into, FieldName.CONTENT_LENGTH, length);
        } else if (isChunked) {
          sink.field(into, FieldName.TRANSFER_ENCODING, "chunked");
        }
      }
      case Reply.Part(ByteRange range) -> {
        sink.number(into, FieldName.CONTENT_LENGTH, range.length());
        sink.range(into, FieldName.CONTENT_RANGE, range, length);
      }
      case Reply.Parts _ -> {
        if (layout == null) {
          throw new IllegalStateException("parts without a layout");
        }
        sink.number(into, FieldName.CONTENT_LENGTH, layout.contentLength());
        sink.field(into, FieldName.CONTENT_TYPE, layout.contentType());
      }
      case Reply.Unsatisfiable(), Reply.TooManyRanges() ->
          sink.field(into, FieldName.CONTENT_RANGE, "bytes */" + length);
      case Reply.NotModified(),
          Reply.PreconditionFailed(),
          Reply.NotHere(),
          Reply.Forbidden(),
          Reply.MethodNotAllowed(),
          Reply.Preflight(),
          Reply.Busy(),
          Reply.Refused _,
          Reply.Failed _ -> {}
    }
  }

  private static <T> void ofFile(
      T into, FieldSink<T> sink, Reply reply, Exchange of, ServedFile file) {
    long length = file.representation().length();
    switch (reply) {
      case Reply.Whole() -> {
        sink.number(into, FieldName.CONTENT_LENGTH, length);
        sink.lines(into, file.content());
        ofVersion(into, sink, of, file);
      }
      case Reply.Part(ByteRange range) -> {
        sink.number(into, FieldName.CONTENT_LENGTH, range.length());
        sink.range(into, FieldName.CONTENT_RANGE, range, length);
        sink.lines(into, file.content());
        ofVersion(into, sink, of, file);
      }
      case Reply.Parts _ -> {
        MultipartLayout layout = of.layout();
        if (layout == null) {
          throw new IllegalStateException("parts without a layout");
        }
        sink.number(into, FieldName.CONTENT_LENGTH, layout.contentLength());
        sink.field(into, FieldName.CONTENT_TYPE, layout.contentType());
        sink.lines(into, file.modified());
        ofVersion(into, sink, of, file);
      }
      case Reply.NotModified() -> sink.lines(into, file.version());
      case Reply.Unsatisfiable(), Reply.TooManyRanges() ->
          sink.field(into, FieldName.CONTENT_RANGE, "bytes */" + length);
      case Reply.PreconditionFailed(),
          Reply.NotHere(),
          Reply.Forbidden(),
          Reply.MethodNotAllowed(),
          Reply.Preflight(),
          Reply.Busy() -> {}
      case Reply.Refused(Outcome _) -> {}
      case Reply.Failed(Outcome _) -> {}
    }
  }

  private static <T> void ofVersion(T into, FieldSink<T> sink, Exchange of, ServedFile file) {
    sink.lines(into, file.version());
    if (of.wantsDigest()) {
      sink.lines(into, file.digest());
    }
  }

  private static FieldLines lineOf(Map<Outcome, FieldLines> lines, Outcome outcome) {
    FieldLines line = lines.get(outcome);
    if (line == null) {
      throw new IllegalStateException("nothing to say for " + outcome);
    }
    return line;
  }

  private FieldLines date() {
    long second = Math.floorDiv(clock.millis(), 1000L);
    DateField now = date;
    if (now.second != second) {
      now = new DateField(second, FieldLines.of("Date", HttpDate.format(second)));
      date = now;
    }
    return now.lines;
  }

  /** The body of an error, which its answer to anything but HEAD has; empty for what is none. */
  byte[] problemOf(Outcome outcome) {
    byte[] body = problems.get(outcome);
    if (body == null) {
      throw new IllegalStateException("nothing to say for " + outcome);
    }
    return body;
  }

  private static byte[] problem(Outcome outcome) {
    return ("{\"status\":"
            + outcome.status()
            + ",\"title\":\""
            + outcome.phrase()
            + "\",\"detail\":\""
            + outcome.sentence()
            + "\"}\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
