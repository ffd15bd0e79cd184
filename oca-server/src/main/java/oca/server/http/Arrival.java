package oca.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import oca.server.range.ContentRequest;
import oca.server.range.ContentRequest.Method;
import oca.server.range.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came in, until its turn comes.
 *
 * @param request what is asked; the path is empty when {@code fault} is not null
 * @param fault the rule it breaks; after the answer nothing more can be read from the connection
 * @param keepAlive whether the client wants to go on with the connection
 * @param nanos when its last byte was read, in {@link System#nanoTime}
 */
record Arrival(ContentRequest request, @Nullable Outcome fault, boolean keepAlive, long nanos) {

  static Arrival of(HttpRequest message, long nanos) {
    Outcome fault = fault(message);
    Method method = Method.of(message.method().name());
    String path = fault == null ? ContentRequest.pathOf(message.uri()) : "";
    if (path == null) {
      boolean asterisk = method == Method.OPTIONS && message.uri().equals("*");
      fault = asterisk ? null : Outcome.BAD_REQUEST;
      path = "";
    }
    if (fault != null) {
      return new Arrival(ContentRequest.plain(method, path), fault, false, nanos);
    }
    HttpHeaders fields = message.headers();
    boolean keepAlive =
        message.protocolVersion().minorVersion() > 0
            && !fields.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    return new Arrival(request(method, path, fields), null, keepAlive, nanos);
  }

  /** A head that did not come to its end in time. */
  static Arrival timedOut(long nanos) {
    return new Arrival(ContentRequest.plain(Method.OTHER, ""), Outcome.HEAD_TIMEOUT, false, nanos);
  }

  private static @Nullable Outcome fault(HttpRequest message) {
    if (message.decoderResult().isFailure()) {
      Throwable cause = message.decoderResult().cause();
      if (cause instanceof TooLongHttpLineException) {
        return Outcome.TARGET_TOO_LONG;
      }
      return cause instanceof TooLongHttpHeaderException
          ? Outcome.HEAD_TOO_LARGE
          : Outcome.BAD_REQUEST;
    }
    HttpVersion version = message.protocolVersion();
    if (!version.protocolName().equals("HTTP") || version.majorVersion() != 1) {
      return Outcome.VERSION_UNKNOWN;
    }
    // RFC 9112, section 3.2: HTTP/1.1 has exactly one Host.
    int hosts = message.headers().getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1 || (hosts == 0 && version.minorVersion() > 0)) {
      return Outcome.BAD_REQUEST;
    }
    return hasBody(message.headers()) ? Outcome.BODY_REFUSED : null;
  }

  private static boolean hasBody(HttpHeaders fields) {
    if (fields.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return true;
    }
    String length = fields.get(HttpHeaderNames.CONTENT_LENGTH);
    return length != null && !length.equals("0");
  }

  private static ContentRequest request(Method method, String path, HttpHeaders fields) {
    return new ContentRequest(
        method,
        path,
        joined(fields, HttpHeaderNames.RANGE),
        joined(fields, HttpHeaderNames.IF_RANGE),
        joined(fields, HttpHeaderNames.IF_MATCH),
        joined(fields, HttpHeaderNames.IF_NONE_MATCH),
        joined(fields, HttpHeaderNames.IF_MODIFIED_SINCE),
        joined(fields, HttpHeaderNames.IF_UNMODIFIED_SINCE));
  }

  private static @Nullable String joined(HttpHeaders fields, CharSequence name) {
    String first = fields.get(name);
    if (first == null) {
      return null;
    }
    List<String> all = fields.getAll(name);
    return all.size() == 1 ? first : String.join(", ", all);
  }
}
