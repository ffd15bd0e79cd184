package oca.protocol.http;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
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
 * @param headers by lower-case name; a repeated name's values in their order, with commas between
 *     (RFC 9110, section 5.3)
 * @param client the other end of the connection; loopback behind a Unix domain socket
 * @param body at most the listener's limit
 * @param certificates that the client has proved to be its own, the leaf first; none without TLS,
 *     and none where the listener does not ask for them
 */
public record Request(
    String method,
    String path,
    String tail,
    Map<String, String> query,
    Map<String, String> headers,
    InetAddress client,
    byte[] body,
    List<X509Certificate> certificates) {

  /** A request of somebody who proved nothing. */
  public Request(
      String method,
      String path,
      String tail,
      Map<String, String> query,
      Map<String, String> headers,
      InetAddress client,
      byte[] body) {
    this(method, path, tail, query, headers, client, body, List.of());
  }

  /** The same head with a body. */
  Request with(byte[] read) {
    return new Request(method, path, tail, query, headers, client, read, certificates);
  }

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
    for (int from = 0; from < raw.length(); ) {
      int end = raw.indexOf('&', from);
      end = end < 0 ? raw.length() : end;
      int equals = raw.indexOf('=', from);
      if (equals < 0 || equals > end) {
        equals = end;
      }
      if (end > from) {
        String value = equals == end ? "" : decode(raw.substring(equals + 1, end));
        query.put(decode(raw.substring(from, equals)), value);
      }
      from = end + 1;
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
