package oca.protocol.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request as we take it: what the codec lets pass and RFC 9112 does not, or what we
 * have no use for, is refused here.
 */
final class RequestReader {
  /** A refusal, and what it counts as. */
  record Fault(ListenerReason reason, Response response) {}

  /**
   * A request's target.
   *
   * @param path raw
   * @param query raw; null without one
   */
  record Target(String path, @Nullable String query) {
    Map<String, String> parameters() {
      return query == null ? Map.of() : Request.decodeQuery(query);
    }
  }

  private RequestReader() {}

  /** What is wrong with it, or null. */
  static @Nullable Fault fault(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return fault(request.decoderResult().cause());
    }
    HttpVersion version = request.protocolVersion();
    if (version.majorVersion() != 1 || version.minorVersion() > 1) {
      return malformed(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    }
    HttpHeaders headers = request.headers();
    int hosts = count(headers, HttpHeaderNames.HOST);
    if (hosts > 1 || (hosts == 0 && version.minorVersion() == 1)) {
      return malformed(400, "HTTP/1.1 wants one Host, not " + hosts);
    }
    String coding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
    if (coding != null
        && (count(headers, HttpHeaderNames.TRANSFER_ENCODING) > 1
            || !coding.equalsIgnoreCase("chunked"))) {
      return malformed(501, "of transfer codings only chunked is understood");
    }
    String expect = headers.get(HttpHeaderNames.EXPECT);
    if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
      return malformed(417, "of expectations only 100-continue is understood");
    }
    return null;
  }

  /** What the codec did not like. */
  static Fault fault(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return new Fault(
          ListenerReason.LINE, Response.problem(414, "the request line is longer than allowed"));
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return new Fault(
          ListenerReason.HEAD, Response.problem(431, "the header section is longer than allowed"));
    }
    return malformed(400, "not HTTP/1.1: " + cause.getMessage());
  }

  /** Path and query, or null for what is neither origin form nor absolute form (section 3.2). */
  static @Nullable Target target(String uri) {
    int from = 0;
    if (!uri.startsWith("/")) {
      int scheme = uri.regionMatches(true, 0, "http://", 0, 7) ? 7 : 8;
      if (scheme == 8 && !uri.regionMatches(true, 0, "https://", 0, 8)) {
        return null;
      }
      from = uri.indexOf('/', scheme);
      if (from <= scheme) {
        return null;
      }
    }
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        return null;
      }
    }
    int question = uri.indexOf('?', from);
    return question < 0
        ? new Target(uri.substring(from), null)
        : new Target(uri.substring(from, question), uri.substring(question + 1));
  }

  private static Fault malformed(int status, String detail) {
    return new Fault(ListenerReason.MALFORMED, Response.problem(status, detail));
  }

  private static int count(HttpHeaders headers, CharSequence name) {
    int count = 0;
    for (Iterator<?> it = headers.valueCharSequenceIterator(name); it.hasNext(); ) {
      it.next();
      count++;
    }
    return count;
  }
}
