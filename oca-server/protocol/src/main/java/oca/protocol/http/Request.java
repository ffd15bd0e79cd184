package oca.protocol.http;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import oca.protocol.Wire;
import oca.protocol.WireException;

/**
 * A request to the control plane, its body read whole.
 *
 * @param method upper case
 * @param path the raw path, with its leading slash
 * @param tail what follows the route's prefix in the path; empty when they are equal
 * @param query the decoded query; of a repeated name the last value counts
 * @param headers by lower-case name; of a repeated name the first value counts
 * @param client the other end of the connection
 * @param body at most the listener's limit
 */
public record Request(
    String method,
    String path,
    String tail,
    Map<String, String> query,
    Map<String, String> headers,
    InetAddress client,
    byte[] body) {

  /** The header of that lower-case name. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The query parameter of that name. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /**
   * The body as a message.
   *
   * @throws WireException when it is not one; the listener answers that with 400
   */
  public <T> T message(Class<T> type) throws WireException {
    return Wire.read(body, type);
  }

  static Map<String, String> decodeQuery(String raw) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : raw.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        query.put(decode(name), decode(value));
      }
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
