package oca.server.http;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import oca.model.ByteRange;
import oca.server.caching.FieldLine;
import oca.server.caching.FieldSection;
import oca.server.pull.PulledAnswer;
import oca.server.range.Outcome;
import oca.server.range.Reply;

/** Replies as the header sections of HTTP/2. Safe on any thread. */
final class Http2Heads {
  private static final int TYPICAL_TEXTS = 32;

  private static final FieldSink<List<AsciiString>> HTTP_2 =
      new FieldSink<>() {
        @Override
        public void lines(List<AsciiString> into, FieldLines lines) {
          for (AsciiString text : lines.http2()) {
            into.add(text);
          }
        }

        @Override
        public void field(List<AsciiString> into, FieldName name, String value) {
          into.add(name.http2());
          into.add(new AsciiString(value));
        }

        @Override
        public void section(List<AsciiString> into, FieldSection fields) {
          for (FieldLine line : fields.lines()) {
            into.add(latin1(line.name().toLowerCase(Locale.ROOT)));
            into.add(latin1(line.value()));
          }
        }

        @Override
        public void number(List<AsciiString> into, FieldName name, long value) {
          field(into, name, Long.toString(value));
        }

        @Override
        public void range(List<AsciiString> into, FieldName name, ByteRange range, long length) {
          field(into, name, "bytes " + range.first() + "-" + range.last() + "/" + length);
        }
      };

  private final ReplyFields fields;
  private final Map<Outcome, AsciiString> statuses = new EnumMap<>(Outcome.class);

  Http2Heads(ReplyFields fields) {
    this.fields = fields;
    for (Outcome outcome : Outcome.values()) {
      statuses.put(outcome, AsciiString.cached(Integer.toString(outcome.status())));
    }
  }

  /**
   * The head of a reply.
   *
   * @param of what is answered
   */
  Http2Headers of(Reply reply, Exchange of) {
    List<AsciiString> texts = new ArrayList<>(TYPICAL_TEXTS);
    fields.render(texts, HTTP_2, reply, of);
    return ReadOnlyHttp2Headers.serverHeaders(
        false, statusOf(reply.outcome()), texts.toArray(AsciiString[]::new));
  }

  /** The head of an answer that was pulled. */
  Http2Headers ofPulled(Reply reply, Exchange of, PulledAnswer pulled) {
    List<AsciiString> texts = new ArrayList<>(TYPICAL_TEXTS);
    fields.renderPulled(texts, HTTP_2, reply, of, pulled, false);
    AsciiString status =
        reply instanceof Reply.Whole
            ? AsciiString.of(Integer.toString(pulled.status()))
            : statusOf(reply.outcome());
    return ReadOnlyHttp2Headers.serverHeaders(false, status, texts.toArray(AsciiString[]::new));
  }

  /** An interim answer (RFC 9110, section 15.2). */
  Http2Headers ofInterim(int status, FieldSection lines) {
    List<AsciiString> texts = new ArrayList<>(TYPICAL_TEXTS);
    HTTP_2.section(texts, lines);
    return ReadOnlyHttp2Headers.serverHeaders(
        false, AsciiString.of(Integer.toString(status)), texts.toArray(AsciiString[]::new));
  }

  private static AsciiString latin1(String text) {
    return new AsciiString(text.getBytes(StandardCharsets.ISO_8859_1), false);
  }

  private AsciiString statusOf(Outcome outcome) {
    AsciiString status = statuses.get(outcome);
    if (status == null) {
      throw new IllegalStateException("no status for " + outcome);
    }
    return status;
  }

  /** The body of an error; empty for what is none. */
  byte[] problemOf(Outcome outcome) {
    return fields.problemOf(outcome);
  }
}
