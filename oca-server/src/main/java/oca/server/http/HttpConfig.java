package oca.server.http;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.Default;
import oca.config.Live;
import oca.model.Endpoint;
import oca.server.authorize.AuthorizeConfig;
import oca.server.cmcd.CmcdLimits;
import oca.server.cmcd.PacingConfig;
import org.jspecify.annotations.Nullable;

/**
 * How files are served. Each limit is per listener unless it says otherwise.
 *
 * @param listen where; loopback unless told otherwise
 * @param transport which system interface moves the bytes
 * @param eventLoops threads that serve; 0 for one per core
 * @param maxConnections connections that are served at once
 * @param maxRefusals connections beyond those that are answered 503; any more are closed unanswered
 * @param maxConnectionsPerNetwork connections served at once to one network of clients, the first
 *     24 bits of an IPv4 address or 48 of an IPv6 address; 0 for as many as there are
 * @param maxBulk answers at once to bulk requests, such as those of peers that fill their disks
 *     (RFC 9218, urgency 7); there are none while four fifths of the connections are taken
 * @param retryAfter what a 503 tells the client to wait, in whole seconds
 * @param maxHeadBytes the longest head of a request: its line and its header section together
 * @param maxFields the most header field lines in a request
 * @param maxRanges the most ranges in one request; a request for more is answered 416
 * @param maxContent the longest content of a request that is passed on to an upstream, 0 to 1 MiB;
 *     it is held in memory until all of it is here
 * @param maxContentHeld the contents of all requests together
 * @param contentTimeout from a request's head to the end of its content
 * @param maxRequestsPerConnection after so many answers a connection is closed
 * @param headTimeout from a request's first byte to the end of its head, and to a new connection's
 *     first request
 * @param idleTimeout from an answer's end to the next request, and without any progress in an
 *     answer
 * @param slowestReader a client that takes fewer bytes of an answer each second, over the idle
 *     timeout, is cut off; 0 for none, as long as it takes any
 * @param lingerTimeout how long a connection that we end may take to end from the other side, so
 *     that the last answer is not lost to a reset (RFC 9112, section 9.6)
 * @param chunk of one body, handed over before another connection has its turn; 4 KiB to 1 GiB
 * @param drainTimeout how long answers under way may take once the listener is closed
 * @param drainIdle how long a connection without a request may take for one more once the listener
 *     is closed; HTTP/2 is told to go at once and for good after this time
 * @param piece of a body that is encrypted, read into memory at a time; 16 KiB to 8 MiB. A reader
 *     that stalls costs one piece and a quarter; see {@link CopyBody}
 * @param reading how files that are not in memory are read
 * @param tls absent, nothing is served over TLS
 * @param http2 the limits of HTTP/2
 * @param cacheName names this cache in Cache-Status (RFC 9211)
 * @param serverTiming whether answers say in Server-Timing how long they were prepared
 * @param authorize who may have which files
 * @param cmcd how much of what players tell is read
 * @param redirects where those go who ask for a file that is not here
 * @param pacing how fast answers leave; needs a native transport
 */
public record HttpConfig(
    @Default("127.0.0.1:8080") Endpoint listen,
    @Default("auto") Choice transport,
    @Default("0") int eventLoops,
    @Live @Default("10000") int maxConnections,
    @Live @Default("256") int maxRefusals,
    @Live @Default("0") int maxConnectionsPerNetwork,
    @Live @Default("64") int maxBulk,
    @Live @Default("5s") Duration retryAfter,
    @Live @Default("16KiB") ByteSize maxHeadBytes,
    @Live @Default("100") int maxFields,
    @Live @Default("16") int maxRanges,
    @Live @Default("1MiB") ByteSize maxContent,
    @Live @Default("64MiB") ByteSize maxContentHeld,
    @Live @Default("60s") Duration contentTimeout,
    @Live @Default("10000") int maxRequestsPerConnection,
    @Live @Default("10s") Duration headTimeout,
    @Live @Default("30s") Duration idleTimeout,
    @Live @Default("1KiB") ByteSize slowestReader,
    @Default("2s") Duration lingerTimeout,
    @Default("512KiB") ByteSize chunk,
    @Live @Default("30s") Duration drainTimeout,
    @Live @Default("2s") Duration drainIdle,
    @Default("128KiB") ByteSize piece,
    @Default("{}") ReadingConfig reading,
    Optional<TlsConfig> tls,
    @Default("{}") Http2Config http2,
    @Default("oca") String cacheName,
    @Live @Default("false") boolean serverTiming,
    @Default("{}") AuthorizeConfig authorize,
    @Default("{}") CmcdLimits cmcd,
    @Live @Default("[]") List<RedirectConfig> redirects,
    @Live @Default("{}") PacingConfig pacing) {

  /** Which transport is wanted. */
  public enum Choice {
    /** io_uring where the kernel allows it, else epoll, else NIO. */
    AUTO,
    IO_URING,
    EPOLL,
    NIO
  }

  public HttpConfig {
    redirects =
        redirects.stream()
            .sorted(Comparator.comparingInt((RedirectConfig it) -> -it.prefix().length()))
            .toList();
    within("eventLoops", eventLoops, 0, 1024);
    within("maxConnections", maxConnections, 1, 1_000_000);
    within("maxRefusals", maxRefusals, 0, 100_000);
    within("maxHeadBytes", maxHeadBytes.bytes(), 256, 1 << 20);
    within("maxConnectionsPerNetwork", maxConnectionsPerNetwork, 0, 1_000_000);
    within("maxBulk", maxBulk, 0, 1_000_000);
    within("slowestReader", slowestReader.bytes(), 0, 1 << 30);
    within("maxFields", maxFields, 8, 10_000);
    within("maxRanges", maxRanges, 1, 1000);
    within("maxContent", maxContent.bytes(), 0, 1 << 20);
    within("maxContentHeld", maxContentHeld.bytes(), 0, 1L << 40);
    within("contentTimeout in ms", contentTimeout.toMillis(), 10, 3_600_000);
    within("maxRequestsPerConnection", maxRequestsPerConnection, 1, Integer.MAX_VALUE);
    within("chunk", chunk.bytes(), 4096, 1 << 30);
    within("piece", piece.bytes(), 16_384, 8 << 20);
    if (cacheName.isEmpty() || !cacheName.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("cacheName must be of printable ASCII, not: " + cacheName);
    }
    within("retryAfter in seconds", retryAfter.toSeconds(), 1, 3600);
    within("headTimeout in ms", headTimeout.toMillis(), 10, 3_600_000);
    within("idleTimeout in ms", idleTimeout.toMillis(), 10, 3_600_000);
    within("lingerTimeout in ms", lingerTimeout.toMillis(), 10, 60_000);
    within("drainTimeout in ms", drainTimeout.toMillis(), 0, 3_600_000);
    within("drainIdle in ms", drainIdle.toMillis(), 0, 60_000);
  }

  /** Where those go who ask for that path, when it is not here; null for nowhere. */
  @Nullable RedirectConfig redirect(String path) {
    for (RedirectConfig redirect : redirects) {
      if (path.startsWith(redirect.prefix())) {
        return redirect;
      }
    }
    return null;
  }

  /** The same, but for the number of connections. */
  public HttpConfig withMaxConnections(int connections) {
    return new HttpConfig(
        listen,
        transport,
        eventLoops,
        connections,
        maxRefusals,
        maxConnectionsPerNetwork,
        maxBulk,
        retryAfter,
        maxHeadBytes,
        maxFields,
        maxRanges,
        maxContent,
        maxContentHeld,
        contentTimeout,
        maxRequestsPerConnection,
        headTimeout,
        idleTimeout,
        slowestReader,
        lingerTimeout,
        chunk,
        drainTimeout,
        drainIdle,
        piece,
        reading,
        tls,
        http2,
        cacheName,
        serverTiming,
        authorize,
        cmcd,
        redirects,
        pacing);
  }

  static void within(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " must be " + least + " to " + most + ", not " + value);
    }
  }
}
