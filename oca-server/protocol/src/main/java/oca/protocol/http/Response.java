package oca.protocol.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the control plane.
 *
 * @param status the HTTP status
 * @param headers to send besides {@code Content-Length}
 * @param body empty for none
 * @param events told of the reader when the answer is a stream of events, which has no body
 */
public record Response(
    int status, Map<String, String> headers, byte[] body, @Nullable Consumer<EventSink> events) {

  /** An answer that is whole. */
  public Response(int status, Map<String, String> headers, byte[] body) {
    this(status, headers, body, null);
  }

  /**
   * 200 with server-sent events, until the reader goes or the sink is closed.
   *
   * @param subscriber given the reader once, on an event loop, when it may be sent to; must not
   *     block. Where it keeps the sink, it forgets it by {@link EventSink#onClose}
   */
  public static Response events(Consumer<EventSink> subscriber) {
    return new Response(
        200,
        Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-store"),
        new byte[0],
        subscriber);
  }

  /** 200 with a message. */
  public static Response message(Object message) {
    return new Response(200, Map.of("Content-Type", Wire.MEDIA_TYPE), Wire.write(message));
  }

  /** 200 with bytes of a media type. */
  public static Response bytes(String mediaType, byte[] body) {
    return new Response(200, Map.of("Content-Type", mediaType), body);
  }

  /** 200 with UTF-8 text of a media type. */
  public static Response text(String mediaType, String text) {
    return bytes(mediaType, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A status without a body, such as 204 or 304. */
  public static Response empty(int status) {
    return new Response(status, Map.of(), new byte[0]);
  }

  /** An error as {@code application/problem+json} (RFC 9457). */
  public static Response problem(int status, String detail) {
    byte[] body = Wire.write(Map.of("status", status, "detail", detail));
    return new Response(status, Map.of("Content-Type", "application/problem+json"), body);
  }

  /** The same answer with one more header. */
  public Response with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Response(status, more, body, events);
  }
}
