package oca.server.http;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Header fields whose values differ from answer to answer, as each protocol spells them. */
@SuppressWarnings("ImmutableEnumChecker") // the bytes are only ever copied from
enum FieldName {
  CONTENT_LENGTH("Content-Length"),
  CONTENT_RANGE("Content-Range"),
  CONTENT_TYPE("Content-Type"),
  SERVER_TIMING("Server-Timing"),
  TRANSFER_ENCODING("Transfer-Encoding");

  private final byte[] http1;
  private final AsciiString http2;

  FieldName(String name) {
    this.http1 = (name + ": ").getBytes(StandardCharsets.US_ASCII);
    this.http2 = AsciiString.cached(name.toLowerCase(Locale.ROOT));
  }

  /** The name with colon and space. */
  byte[] http1() {
    return http1;
  }

  /** The name in lower case (RFC 9113, section 8.2). */
  AsciiString http2() {
    return http2;
  }
}
