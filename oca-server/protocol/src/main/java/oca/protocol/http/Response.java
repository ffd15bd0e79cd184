package oca.protocol.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import oca.protocol.Wire;

/**
 * An answer of the control plane.
 *
 * @param status the HTTP status
 * @param headers to send besides {@code Content-Length}
 * @param body empty for none
 */
public record Response(int status, Map<String, String> headers, byte[] body) {

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
    return new Response(status, more, body);
  }
}
