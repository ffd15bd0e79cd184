package oca.server.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import oca.model.ByteRange;
import oca.server.pull.PulledBody;
import oca.server.range.MultipartLayout;
import oca.server.range.Reply;
import org.jspecify.annotations.Nullable;

/**
 * What of a pulled body can be sent next: a run of bytes that are there, and what stands before it.
 * For one answer, on one thread.
 */
final class BodyRuns {
  /** The most in one run of a body of unknown length, whose chunks each say how long they are. */
  private static final long MOST = 1 << 20;

  private static final byte[] NOTHING = {};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CHUNK_AND_LAST = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** What comes next. */
  enum Next {
    /** A run, see {@link #before}, {@link #first} and {@link #length}. */
    RUN,
    /** Nothing until {@link PulledBody#await} says so. */
    WAIT,
    /** The body has ended, behind what {@link #before} says. */
    END,
    /** No more will come. */
    BROKEN
  }

  private final PulledBody body;
  private final @Nullable MultipartLayout layout;
  private final boolean isChunked;
  private int section;
  private long position;
  private long end;
  private boolean isBegun;
  private byte[] before = NOTHING;
  private long first;
  private long length;

  private BodyRuns(
      PulledBody body,
      @Nullable MultipartLayout layout,
      long position,
      long end,
      boolean isChunked) {
    this.body = body;
    this.layout = layout;
    this.position = position;
    this.end = end;
    this.isChunked = isChunked;
  }

  /**
   * Of what a reply carries; null when it carries none of the body.
   *
   * @param length of the whole body as the head tells it, or {@link PulledBody#UNKNOWN}
   * @param layout of a reply in parts
   * @param isFramed whether a body of unknown length is sent in chunks (RFC 9112, section 7.1)
   */
  static @Nullable BodyRuns of(
      Reply reply,
      PulledBody body,
      long length,
      @Nullable MultipartLayout layout,
      boolean isFramed) {
    return switch (reply) {
      case Reply.Whole() ->
          new BodyRuns(body, null, 0, length, isFramed && length == PulledBody.UNKNOWN);
      case Reply.Part(ByteRange range) ->
          new BodyRuns(body, null, range.first(), range.last() + 1, false);
      case Reply.Parts(List<ByteRange> _) -> new BodyRuns(body, layout, 0, 0, false);
      case Reply.NotModified(),
          Reply.PreconditionFailed(),
          Reply.Unsatisfiable(),
          Reply.TooManyRanges(),
          Reply.NotHere(),
          Reply.Forbidden(),
          Reply.MethodNotAllowed(),
          Reply.Preflight(),
          Reply.Busy(),
          Reply.Refused _,
          Reply.Failed _ ->
          null;
    };
  }

  /** Moves on to what comes next. */
  Next next() {
    before = NOTHING;
    MultipartLayout parts = layout;
    if (parts != null && position == end) {
      if (section == parts.sections().size()) {
        before = parts.closing();
        return Next.END;
      }
      ByteRange range = parts.sections().get(section).range();
      position = range.first();
      end = range.last() + 1;
      isBegun = false;
    }
    long known = end == PulledBody.UNKNOWN ? body.length() : end;
    if (position == known) {
      before = isChunked ? (isBegun ? CHUNK_AND_LAST : LAST_CHUNK) : NOTHING;
      return Next.END;
    }
    long ready = body.readable(position);
    if (ready == 0) {
      return body.fault() == null ? Next.WAIT : Next.BROKEN;
    }
    first = position;
    length = Math.min(isChunked ? MOST : Long.MAX_VALUE, ready);
    if (known != PulledBody.UNKNOWN) {
      length = Math.min(length, known - position);
    }
    if (isChunked) {
      String line = (isBegun ? "\r\n" : "") + Long.toHexString(length) + "\r\n";
      before = line.getBytes(StandardCharsets.US_ASCII);
    } else if (parts != null && !isBegun) {
      before = parts.sections().get(section++).preamble();
    }
    isBegun = true;
    position += length;
    return Next.RUN;
  }

  /**
   * Behind the last byte of the run after this one; {@link Long#MAX_VALUE} where it is not known.
   */
  long wanted() {
    return end == PulledBody.UNKNOWN ? Long.MAX_VALUE : end;
  }

  /** Of the byte that is waited for. */
  long position() {
    return position;
  }

  /** What is sent before the run, or at the end. */
  byte[] before() {
    return before;
  }

  /** Of the run's first byte in the body. */
  long first() {
    return first;
  }

  /** Of the run in bytes, 1 or more. */
  long length() {
    return length;
  }
}
