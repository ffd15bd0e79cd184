package oca.steering.play;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import oca.model.Address;
import oca.model.Prefix;
import oca.protocol.http.Request;
import oca.steering.play.PlaybackConfig.ProxyHeader;

/**
 * Whose request it is: the other end of the connection, unless somebody who may says otherwise.
 *
 * <p>A trusted proxy may name the client in the one header that is configured. What it wrote stands
 * at the end; all before that the client may have written itself. So the header is read from its
 * end, and the first address that is no trusted proxy is the client. What cannot be read ends the
 * search at the hop that told it. A trusted caller may name the client by {@code client=}.
 *
 * <p>An IPv4-mapped IPv6 address is the IPv4 address. Safe on any thread.
 */
public final class ClientFinder {
  private static final int MAX_HEADER = 4096;
  private static final int MAX_HOPS = 32;

  private final List<Prefix> proxies;
  private final ProxyHeader header;
  private final List<Prefix> callers;
  private final boolean trustAll;
  private final LongAdder unreadable = new LongAdder();

  /**
   * A finder.
   *
   * @param trustAll whether any caller may name the client
   */
  public ClientFinder(PlaybackConfig config, boolean trustAll) {
    this.proxies = config.proxyNetworks();
    this.header = config.proxyHeader();
    this.callers = config.callerNetworks();
    this.trustAll = trustAll;
  }

  /** Whether this request may name another client, by where it comes from. */
  public boolean mayName(Request request) {
    return trustAll || isIn(callers, Address.of(request.client()));
  }

  /** The client that the request names and may name; empty when there is none. */
  public Optional<String> named(Request request) {
    return request.parameter("client").filter(_ -> mayName(request));
  }

  /**
   * The client; empty when the request names one, may do so, and names no address. Whoever may not
   * name one is not listened to.
   */
  public Optional<Address> find(Request request) {
    Optional<String> named = named(request);
    if (named.isEmpty()) {
      return Optional.of(behind(request.client(), request.headers()));
    }
    try {
      return Optional.of(Address.parse(named.get()));
    } catch (IllegalArgumentException e) {
      // Each caller knows what a bad name means for its own answer.
      return Optional.empty();
    }
  }

  /** The client, whatever the request says: one that cannot be read counts as not given. */
  public Address findAnyhow(Request request) {
    return find(request).orElseGet(() -> behind(request.client(), request.headers()));
  }

  /** Headers of trusted proxies that could not be read to the client. */
  public long unreadable() {
    return unreadable.sum();
  }

  /**
   * The client of a connection.
   *
   * @param headers by lower-case name; those that were repeated joined by commas, in their order
   */
  Address behind(InetAddress connection, Map<String, String> headers) {
    Address hop = Address.of(connection);
    if (!isIn(proxies, hop)) {
      return hop;
    }
    String text =
        switch (header) {
          case X_FORWARDED_FOR -> headers.get("x-forwarded-for");
          case FORWARDED -> headers.get("forwarded");
        };
    if (text == null) {
      return hop;
    }
    int end = text.length();
    int least = Math.max(0, end - MAX_HEADER);
    for (int hops = 0; hops < MAX_HOPS && end >= least; hops++) {
      int comma = text.lastIndexOf(',', end - 1);
      int start = comma + 1;
      Optional<Address> address =
          start < least ? Optional.empty() : address(text.substring(start, end).strip());
      if (address.isEmpty()) {
        unreadable.increment();
        return hop;
      }
      hop = address.get();
      if (comma < 0 || !isIn(proxies, hop)) {
        return hop;
      }
      end = comma;
    }
    unreadable.increment();
    return hop;
  }

  private Optional<Address> address(String element) {
    return switch (header) {
      case X_FORWARDED_FOR -> node(element);
      case FORWARDED -> forwardedFor(element);
    };
  }

  /**
   * RFC 7239, section 4: pairs with semicolons between them, of which {@code for} is the client.
   */
  private static Optional<Address> forwardedFor(String element) {
    for (String pair : element.split(";", -1)) {
      String stripped = pair.strip();
      if (stripped.regionMatches(true, 0, "for=", 0, 4)) {
        String value = stripped.substring(4).strip();
        boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return node(isQuoted ? value.substring(1, value.length() - 1) : value);
      }
    }
    return Optional.empty();
  }

  /** RFC 7239, section 6: an address, IPv6 in brackets or without, and maybe a port. */
  private static Optional<Address> node(String text) {
    String literal = text;
    int bracket = text.indexOf(']');
    if (text.startsWith("[") && bracket > 0) {
      if (!text.substring(bracket + 1).matches("(:\\d{1,5})?")) {
        return Optional.empty();
      }
      literal = text.substring(1, bracket);
    } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
      literal = text.substring(0, text.indexOf(':'));
    }
    try {
      return Optional.of(Address.parse(literal));
    } catch (IllegalArgumentException e) {
      // "unknown", a name, or garbage: the caller stops at the hop before.
      return Optional.empty();
    }
  }

  private static boolean isIn(List<Prefix> networks, Address address) {
    for (Prefix network : networks) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
