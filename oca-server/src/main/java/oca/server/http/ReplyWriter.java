package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import oca.model.ByteRange;
import oca.server.caching.FieldSection;
import oca.server.pull.PulledAnswer;
import oca.server.range.Outcome;
import oca.server.range.Reply;

/**
 * Replies in the bytes of HTTP/1: status line, header section, and the body of errors. Safe on any
 * thread.
 */
final class ReplyWriter {
  private static final int TYPICAL_HEAD_BYTES = 1024;
  private static final int LINE_END = '\r' << 8 | '\n';
  private static final byte[] BYTES = "bytes ".getBytes(StandardCharsets.US_ASCII);
  private static final FieldLines CLOSE = FieldLines.of("Connection", "close");

  private static final FieldSink<ByteBuf> HTTP_1 =
      new FieldSink<>() {
        @Override
        public void lines(ByteBuf into, FieldLines lines) {
          into.writeBytes(lines.http1());
        }

        @Override
        public void field(ByteBuf into, FieldName name, String value) {
          into.writeBytes(name.http1());
          ByteBufUtil.writeAscii(into, value);
          into.writeShort(LINE_END);
        }

        @Override
        public void section(ByteBuf into, FieldSection fields) {
          into.writeBytes(fields.http1());
        }

        @Override
        public void number(ByteBuf into, FieldName name, long value) {
          into.writeBytes(name.http1());
          digits(into, value);
          into.writeShort(LINE_END);
        }

        @Override
        public void range(ByteBuf into, FieldName name, ByteRange range, long length) {
          into.writeBytes(name.http1());
          into.writeBytes(BYTES);
          digits(into, range.first());
          into.writeByte('-');
          digits(into, range.last());
          into.writeByte('/');
          digits(into, length);
          into.writeShort(LINE_END);
        }
      };

  private final ReplyFields fields;
  private final Map<Outcome, byte[]> statusLines = new EnumMap<>(Outcome.class);

  ReplyWriter(ReplyFields fields) {
    this.fields = fields;
    for (Outcome outcome : Outcome.values()) {
      String line = "HTTP/1.1 " + outcome.status() + " " + outcome.phrase() + "\r\n";
      statusLines.put(outcome, line.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /**
   * The head of a reply, with the body behind it when that is constant and wanted.
   *
   * @param of what is answered
   * @param headOnly whether the answer is to HEAD
   * @param close whether this is the connection's last answer
   */
  ByteBuf write(
      ByteBufAllocator allocator, Reply reply, Exchange of, boolean headOnly, boolean close) {
    Outcome outcome = reply.outcome();
    ByteBuf out = allocator.directBuffer(TYPICAL_HEAD_BYTES);
    out.writeBytes(statusLine(outcome));
    if (close) {
      out.writeBytes(CLOSE.http1());
    }
    fields.render(out, HTTP_1, reply, of);
    out.writeShort(LINE_END);
    if (!headOnly) {
      out.writeBytes(fields.problemOf(outcome));
    }
    return out;
  }

  /**
   * The head of an answer that was pulled, with the body behind it when that is constant and
   * wanted.
   *
   * @param isChunked whether a body of unknown length is sent in chunks
   */
  ByteBuf writePulled(
      ByteBufAllocator allocator,
      Reply reply,
      Exchange of,
      PulledAnswer pulled,
      boolean headOnly,
      boolean close,
      boolean isChunked) {
    ByteBuf out = allocator.directBuffer(TYPICAL_HEAD_BYTES);
    if (reply instanceof Reply.Whole) {
      latin1(out, "HTTP/1.1 " + HttpResponseStatus.valueOf(pulled.status()) + "\r\n");
    } else {
      out.writeBytes(statusLine(reply.outcome()));
    }
    if (close) {
      out.writeBytes(CLOSE.http1());
    }
    fields.renderPulled(out, HTTP_1, reply, of, pulled, isChunked);
    out.writeShort(LINE_END);
    if (!headOnly) {
      out.writeBytes(fields.problemOf(reply.outcome()));
    }
    return out;
  }

  /** An interim answer (RFC 9110, section 15.2). */
  ByteBuf writeInterim(ByteBufAllocator allocator, int status, FieldSection lines) {
    ByteBuf out = allocator.directBuffer(TYPICAL_HEAD_BYTES);
    latin1(out, "HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\n");
    HTTP_1.section(out, lines);
    return out.writeShort(LINE_END);
  }

  private static void latin1(ByteBuf out, String text) {
    out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
  }

  /** A number of 0 or more, without making text of it. */
  private static void digits(ByteBuf out, long value) {
    long power = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      power *= 10;
    }
    for (; power > 0; power /= 10) {
      out.writeByte((byte) ('0' + value / power % 10));
    }
  }

  private byte[] statusLine(Outcome outcome) {
    byte[] line = statusLines.get(outcome);
    if (line == null) {
      throw new IllegalStateException("no status line for " + outcome);
    }
    return line;
  }
}
