package oca.server.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import oca.server.caching.FieldLine;
import oca.server.caching.FieldSection;

/** Writes the head of a request (RFC 9112, sections 3 and 6). */
final class RequestHead {
  /** Fields that a question may not bring. */
  static final Set<String> OURS =
      Set.of(
          "connection",
          "content-length",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final int TYPICAL = 512;

  private RequestHead() {}

  /** The head as it is sent; values are those of {@link FieldLine}, which hold no line ends. */
  static ByteBuf write(ByteBufAllocator allocator, Question question, String host) {
    ByteBuf out = allocator.buffer(TYPICAL);
    ByteBufUtil.writeAscii(out, question.method());
    out.writeByte(' ');
    ByteBufUtil.writeAscii(out, question.target());
    ByteBufUtil.writeAscii(out, " HTTP/1.1\r\n");
    line(out, "Host", host);
    FieldSection fields = question.fields();
    for (FieldLine line : fields.lines()) {
      line(out, line.name(), line.value());
    }
    switch (question.content()) {
      case Question.Content.None() -> {}
      case Question.Content.Length(long bytes) -> line(out, "Content-Length", Long.toString(bytes));
      case Question.Content.Chunked() -> line(out, "Transfer-Encoding", "chunked");
    }
    ByteBufUtil.writeAscii(out, "\r\n");
    return out;
  }

  private static void line(ByteBuf out, String name, String value) {
    ByteBufUtil.writeAscii(out, name);
    ByteBufUtil.writeAscii(out, ": ");
    out.writeCharSequence(value, StandardCharsets.ISO_8859_1);
    ByteBufUtil.writeAscii(out, "\r\n");
  }
}
