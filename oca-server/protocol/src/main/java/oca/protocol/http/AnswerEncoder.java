package oca.protocol.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes heads of answers. Status lines are made once; fields go through a scratch array into the
 * buffer, without a string or a copy of their own. One thread at a time.
 */
final class AnswerEncoder {
  private static final byte[][] STATUS_LINES = statusLines();
  private static final byte[] LENGTH = ascii("Content-Length: ");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] LINE_END = ascii("\r\n");

  private final DateLine date;
  private byte[] scratch = new byte[512];

  AnswerEncoder(DateLine date) {
    this.date = date;
  }

  /** How the end of the body is told. */
  enum Framing {
    /** By Content-Length. */
    LENGTH,
    /** By chunks. */
    CHUNKED,
    /** By the end of the connection. */
    CLOSE
  }

  /** Appends the head. */
  void head(ByteBuf out, Response response, Framing framing, boolean close) {
    int status = response.status();
    out.writeBytes(STATUS_LINES[status < 0 || status > 999 ? 500 : status]);
    out.writeBytes(date.bytes());
    for (Map.Entry<String, String> field : response.headers().entrySet()) {
      field(out, field.getKey(), field.getValue());
    }
    if (framing == Framing.CHUNKED) {
      out.writeBytes(CHUNKED);
    } else if (framing == Framing.LENGTH && status != 204 && status != 304 && status >= 200) {
      out.writeBytes(LENGTH);
      number(out, response.body().length);
      out.writeBytes(LINE_END);
    }
    if (close) {
      out.writeBytes(CLOSE);
    }
    out.writeBytes(LINE_END);
  }

  /** What a handler puts into a field must not end it: line ends become blanks. */
  private void field(ByteBuf out, String name, String value) {
    int length = name.length() + value.length() + 4;
    if (scratch.length < length) {
      scratch = new byte[Math.max(length, 2 * scratch.length)];
    }
    int at = put(name, 0);
    scratch[at++] = ':';
    scratch[at++] = ' ';
    at = put(value, at);
    scratch[at++] = '\r';
    scratch[at++] = '\n';
    out.writeBytes(scratch, 0, at);
  }

  private int put(String text, int from) {
    int at = from;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      scratch[at++] = (byte) (c < ' ' || c == 0x7f ? ' ' : c > 0xff ? '?' : c);
    }
    return at;
  }

  private void number(ByteBuf out, int number) {
    int at = scratch.length;
    int left = number;
    do {
      scratch[--at] = (byte) ('0' + left % 10);
      left /= 10;
    } while (left > 0);
    out.writeBytes(scratch, at, scratch.length - at);
  }

  private static byte[][] statusLines() {
    byte[][] lines = new byte[1000][];
    for (int status = 0; status < lines.length; status++) {
      String phrase = HttpResponseStatus.valueOf(status).reasonPhrase();
      lines[status] = ascii("HTTP/1.1 %03d %s\r\n".formatted(status, phrase));
    }
    return lines;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
