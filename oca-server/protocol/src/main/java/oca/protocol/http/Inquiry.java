package oca.protocol.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request under way, from its head to its dispatch. On its connection's event loop only. */
final class Inquiry {
  private static final Logger log = LoggerFactory.getLogger(Inquiry.class);
  private static final byte[] NONE = new byte[0];

  private final ListenerState state;
  private final boolean headOnly;
  private final boolean http10;
  private final boolean keepAlive;
  private final boolean bodyComes;
  private Routes.@Nullable Target target;
  private @Nullable Request request;
  private @Nullable Response early;
  private @Nullable BodyBytes body;
  private boolean place;

  private Inquiry(ListenerState state, HttpRequest head) {
    this.state = state;
    this.headOnly = head.method().name().equals("HEAD");
    this.http10 = head.protocolVersion().minorVersion() == 0;
    this.keepAlive = !http10 && HttpUtil.isKeepAlive(head);
    this.bodyComes =
        head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
            || HttpUtil.getContentLength(head, 0L) > 0;
  }

  /** Finds who answers a head that is well formed; gates are asked first. */
  static Inquiry of(
      ListenerState state, HttpRequest head, InetAddress client, List<X509Certificate> proved) {
    Inquiry inquiry = new Inquiry(state, head);
    inquiry.early = inquiry.route(head, client, proved);
    return inquiry;
  }

  private @Nullable Response route(
      HttpRequest head, InetAddress client, List<X509Certificate> proved) {
    String method = head.method().name();
    if (head.uri().equals("*") && method.equals("OPTIONS")) {
      return Response.empty(204);
    }
    RequestReader.Target at = RequestReader.target(head.uri());
    if (at == null) {
      state.counts().count(ListenerReason.MALFORMED);
      return Response.problem(400, "no request target that is served here");
    }
    Routes.Route route = state.routes().match(at.path());
    String tail = route == null ? "" : at.path().substring(route.path().length());
    Request asked;
    try {
      asked =
          new Request(
              method,
              at.path(),
              tail,
              at.parameters(),
              new Fields(head.headers()),
              client,
              NONE,
              proved);
    } catch (IllegalArgumentException e) {
      return Response.problem(400, String.valueOf(e.getMessage()));
    }
    Response refusal = refusal(asked);
    if (refusal != null) {
      return refusal;
    }
    if (route == null) {
      return Response.problem(404, "no such resource: " + at.path());
    }
    Routes.Target found = route.target(method);
    if (found == null) {
      Response nothing =
          method.equals("OPTIONS")
              ? Response.empty(204)
              : Response.problem(405, method + " is not for " + route.path());
      return nothing.with("Allow", route.allow());
    }
    return take(asked, found, HttpUtil.getContentLength(head, 0L));
  }

  private @Nullable Response take(Request asked, Routes.Target found, long length) {
    if (length > state.limits().bodyBytes()) {
      return tooLong();
    }
    if (!found.inline() && !state.places().tryAcquire()) {
      state.counts().count(ListenerReason.BUSY);
      return Response.problem(503, "too many requests at once").with("Retry-After", "1");
    }
    place = !found.inline();
    target = found;
    request = asked;
    return null;
  }

  /** A gate that fails lets nobody in. */
  private @Nullable Response refusal(Request asked) {
    try {
      Response refusal = state.routes().refusal(asked);
      if (refusal != null) {
        state.counts().count(ListenerReason.GATE);
      }
      return refusal;
    } catch (RuntimeException e) {
      log.error("the gate of {} failed", asked.path(), e);
      return Response.problem(500, "an internal error, see the log");
    }
  }

  private Response tooLong() {
    state.counts().count(ListenerReason.BODY);
    return Response.problem(413, "a body of more than " + state.limits().bodyBytes() + " bytes");
  }

  /** What its head alone is answered with, or null. */
  @Nullable Response early() {
    return early;
  }

  /** Takes a part of the body; the answer when that is too much, else null. */
  @Nullable Response add(ByteBuf part) {
    if (!part.isReadable()) {
      return null;
    }
    if (body == null) {
      body = new BodyBytes(state.limits().bodyBytes());
    }
    return body.add(part) ? null : tooLong();
  }

  /** Who answers. Null when it was answered by its head. */
  Routes.@Nullable Target target() {
    return target;
  }

  /** The request, whole. Null when it was answered by its head. */
  @Nullable Request request() {
    Request head = request;
    return head == null || body == null ? head : head.with(body.toArray());
  }

  boolean headOnly() {
    return headOnly;
  }

  boolean http10() {
    return http10;
  }

  boolean keepAlive() {
    return keepAlive;
  }

  boolean bodyComes() {
    return bodyComes;
  }

  /** The place is given back by whoever answers. */
  void handOver() {
    place = false;
  }

  /** Gives back the place, if it still has one. */
  void close() {
    if (place) {
      place = false;
      state.places().release();
    }
  }
}
