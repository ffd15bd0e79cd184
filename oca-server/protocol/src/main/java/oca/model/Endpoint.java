package oca.model;

import java.net.InetSocketAddress;
import java.net.URI;

/**
 * Where something listens: {@code host:port}, an IPv6 address in brackets.
 *
 * @param host a host name or address literal, without brackets
 * @param port 0 to 65535; 0 only where a listener may take any free port
 */
public record Endpoint(String host, int port) {
  public Endpoint {
    if (host.isEmpty() || host.indexOf('/') >= 0 || host.indexOf('[') >= 0) {
      throw new IllegalArgumentException("not a host name or address: " + host);
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("not a port (0 to 65535): " + port);
    }
  }

  /**
   * Reads {@code host:port} or {@code [v6 address]:port}.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("not host:port: " + text);
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("an IPv6 address needs brackets: " + text);
    }
    try {
      return new Endpoint(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not host:port: " + text, e);
    }
  }

  /** The {@code http} URI of {@code path}, which has no leading slash, at this endpoint. */
  public URI http(String path) {
    return URI.create("http://" + this + "/" + path);
  }

  /** Resolves the host, which may block on DNS; the result is unresolved when there is none. */
  public InetSocketAddress resolve() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
