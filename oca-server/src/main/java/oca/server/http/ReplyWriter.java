package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import oca.model.ByteRange;
import oca.server.range.HttpDate;
import oca.server.range.Outcome;
import oca.server.range.Reply;
import oca.server.range.Representation;
import org.jspecify.annotations.Nullable;

/**
 * Puts replies into bytes: status line and header section, and for errors a short constant body
 * (RFC 9457). Safe on any thread.
 */
final class ReplyWriter {
  private static final int TYPICAL_HEAD_BYTES = 1024;

  /** What scripts may see and measure of all answers, in any page. */
  private static final byte[] FOR_SCRIPTS =
      ascii(
          """
          Access-Control-Allow-Origin: *
          Access-Control-Expose-Headers: Content-Length, Content-Range, ETag, Accept-Ranges, Date, \
          Server-Timing, Cache-Status, Retry-After
          Timing-Allow-Origin: *
          """);

  private static final byte[] PREFLIGHT =
      ascii(
          """
          Access-Control-Allow-Methods: GET, HEAD, OPTIONS
          Access-Control-Allow-Headers: Range, If-Range, If-Match, If-None-Match, \
          If-Modified-Since, If-Unmodified-Since, CMCD-Object, CMCD-Request, CMCD-Session, \
          CMCD-Status
          Access-Control-Max-Age: 86400
          """);

  private static final byte[] FOR_EVER =
      ascii(
          """
          Accept-Ranges: bytes
          Cache-Control: public, max-age=31536000, immutable
          """);

  private static final byte[] CLOSE = ascii("Connection: close\n");
  private static final byte[] ALLOW = ascii("Allow: GET, HEAD, OPTIONS\n");
  private static final byte[] END = ascii("\n");

  private final InstantSource clock;
  private final byte[] retryAfter;
  private final Map<Outcome, byte[]> statusLines = new EnumMap<>(Outcome.class);
  private final Map<Outcome, byte[]> problems = new EnumMap<>(Outcome.class);
  private volatile DateField date = new DateField(Long.MIN_VALUE, new byte[0]);

  /** The Date field as it is in one second. Two threads may both make it; it is the same. */
  private record DateField(long second, byte[] bytes) {}

  ReplyWriter(InstantSource clock, Duration retryAfter) {
    this.clock = clock;
    this.retryAfter = ascii("Retry-After: " + retryAfter.toSeconds() + "\n");
    for (Outcome outcome : Outcome.values()) {
      statusLines.put(
          outcome, ascii("HTTP/1.1 " + outcome.status() + " " + outcome.phrase() + "\n"));
      if (outcome.isError()) {
        problems.put(outcome, problem(outcome));
      }
    }
  }

  /**
   * The head of a reply, with the body behind it when that is constant and wanted.
   *
   * @param file not null for replies that are about a file
   * @param headOnly whether the answer is to HEAD
   * @param close whether this is the connection's last answer
   */
  ByteBuf write(
      ByteBufAllocator allocator,
      Reply reply,
      @Nullable Representation file,
      boolean headOnly,
      boolean close) {
    Outcome outcome = reply.outcome();
    ByteBuf out = allocator.directBuffer(TYPICAL_HEAD_BYTES);
    out.writeBytes(bytesOf(statusLines, outcome));
    out.writeBytes(date());
    if (close) {
      out.writeBytes(CLOSE);
    }
    out.writeBytes(FOR_SCRIPTS);
    if (file != null) {
      ofFile(out, reply, file);
    }
    switch (outcome) {
      case PREFLIGHT -> out.writeBytes(PREFLIGHT);
      case METHOD_NOT_ALLOWED -> out.writeBytes(ALLOW);
      case BUSY -> out.writeBytes(retryAfter);
      case WHOLE,
          PART,
          NOT_MODIFIED,
          BAD_REQUEST,
          NOT_HERE,
          HEAD_TIMEOUT,
          PRECONDITION_FAILED,
          BODY_REFUSED,
          TARGET_TOO_LONG,
          UNSATISFIABLE,
          HEAD_TOO_LARGE,
          FAULT,
          VERSION_UNKNOWN -> {}
    }
    if (outcome.isError()) {
      error(out, outcome, headOnly);
    } else {
      out.writeBytes(END);
    }
    return out;
  }

  private void ofFile(ByteBuf out, Reply reply, Representation file) {
    switch (reply) {
      case Reply.Whole() -> {
        field(out, "Content-Length: ", Long.toString(file.length()));
        ofContent(out, file);
      }
      case Reply.Part(ByteRange range) -> {
        field(out, "Content-Length: ", Long.toString(range.length()));
        field(
            out, "Content-Range: bytes ", range.first() + "-" + range.last() + "/" + file.length());
        ofContent(out, file);
      }
      case Reply.NotModified() -> ofVersion(out, file);
      case Reply.Unsatisfiable() -> field(out, "Content-Range: bytes */", "" + file.length());
      case Reply.PreconditionFailed(),
          Reply.NotHere(),
          Reply.MethodNotAllowed(),
          Reply.Preflight(),
          Reply.Busy() -> {}
      case Reply.Refused(Outcome _) -> {}
    }
  }

  private static void ofContent(ByteBuf out, Representation file) {
    field(out, "Content-Type: ", file.mediaType());
    field(out, "Last-Modified: ", HttpDate.format(file.modifiedSecond()));
    ofVersion(out, file);
  }

  /** What a 304 has of a 200 (RFC 9110, section 15.4.5), and a 200 too. */
  private static void ofVersion(ByteBuf out, Representation file) {
    field(out, "ETag: ", file.entityTag());
    out.writeBytes(FOR_EVER);
  }

  private void error(ByteBuf out, Outcome outcome, boolean headOnly) {
    byte[] body = bytesOf(problems, outcome);
    field(out, "Content-Type: ", "application/problem+json");
    field(out, "Content-Length: ", Integer.toString(body.length));
    field(out, "Cache-Control: ", "no-store");
    out.writeBytes(END);
    if (!headOnly) {
      out.writeBytes(body);
    }
  }

  private byte[] date() {
    long second = Math.floorDiv(clock.millis(), 1000L);
    DateField now = date;
    if (now.second != second) {
      now = new DateField(second, ascii("Date: " + HttpDate.format(second) + "\n"));
      date = now;
    }
    return now.bytes;
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

  private static byte[] bytesOf(Map<Outcome, byte[]> lines, Outcome outcome) {
    byte[] bytes = lines.get(outcome);
    if (bytes == null) {
      throw new IllegalStateException("nothing to say for " + outcome);
    }
    return bytes;
  }

  private static void field(ByteBuf out, String name, String value) {
    ByteBufUtil.writeAscii(out, name);
    ByteBufUtil.writeAscii(out, value);
    out.writeShort('\r' << 8 | '\n');
  }

  private static byte[] ascii(String lines) {
    return lines.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
  }
}
