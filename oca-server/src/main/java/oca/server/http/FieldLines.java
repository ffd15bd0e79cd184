package oca.server.http;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Header fields that do not differ from answer to answer, spelled out for each protocol once. */
final class FieldLines {
  private final byte[] http1;
  private final AsciiString[] http2;

  private FieldLines(byte[] http1, AsciiString[] http2) {
    this.http1 = http1;
    this.http2 = http2;
  }

  /** Names and values by turns. */
  static FieldLines of(String... namesAndValues) {
    StringBuilder lines = new StringBuilder();
    AsciiString[] pairs = new AsciiString[namesAndValues.length];
    for (int i = 0; i < pairs.length; i += 2) {
      lines.append(namesAndValues[i]).append(": ").append(namesAndValues[i + 1]).append("\r\n");
      pairs[i] = AsciiString.cached(namesAndValues[i].toLowerCase(Locale.ROOT));
      pairs[i + 1] = AsciiString.cached(namesAndValues[i + 1]);
    }
    return new FieldLines(lines.toString().getBytes(StandardCharsets.US_ASCII), pairs);
  }

  /** All lines, each with its end. */
  byte[] http1() {
    return http1;
  }

  /** Names in lower case and values by turns; not to be changed. */
  AsciiString[] http2() {
    return http2;
  }
}
