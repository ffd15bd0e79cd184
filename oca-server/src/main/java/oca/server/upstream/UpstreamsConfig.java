package oca.server.upstream;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.config.ByteSize;
import oca.config.Default;

/**
 * Which upstreams are asked for what is not here, and how.
 *
 * @param peers asked before the origins while any of them is healthy
 * @param origins where answers come from
 * @param connect for one connection to stand, its TLS handshake included
 * @param deadline for any connection to stand, over all addresses, upstreams and waits of a
 *     question; when nobody can be reached it fails after this time. A try gets an even share of it
 * @param firstByte from the request's last byte to the end of the answer's head
 * @param idle without any byte of an answer's body that is wanted, or of a request's content that
 *     is taken
 * @param maxHeadBytes the longest head of an answer, and the longest trailer section
 * @param maxFields the most field lines in a head, and in a trailer section
 * @param maxInterim the most interim answers (1xx) before an answer
 * @param pool connections that are kept
 * @param retry when the next upstream is tried
 * @param hedgeAfter when no head has come for so long, the next upstream is asked too, and the
 *     first head wins; absent, never
 * @param breaker when an upstream that fails is left out
 * @param maxRetryAfter the longest that an upstream's Retry-After, with 429 or 503, leaves it out;
 *     0 to pay no heed to it
 * @param check whether upstreams are looked at without a question; absent, they are not
 * @param resolve how often names are looked up again. Java itself remembers names for 30 s, unless
 *     the security property {@code networkaddress.cache.ttl} says otherwise
 * @param tls how upstreams at https are spoken to
 */
public record UpstreamsConfig(
    List<Server> peers,
    List<Server> origins,
    @Default("1s") Duration connect,
    @Default("1s") Duration deadline,
    @Default("10s") Duration firstByte,
    @Default("10s") Duration idle,
    @Default("64KiB") ByteSize maxHeadBytes,
    @Default("200") int maxFields,
    @Default("8") int maxInterim,
    @Default("{}") Pool pool,
    @Default("{}") Retry retry,
    Optional<Duration> hedgeAfter,
    @Default("{}") Breaker breaker,
    @Default("60s") Duration maxRetryAfter,
    Optional<Check> check,
    @Default("30s") Duration resolve,
    @Default("{}") UpstreamTlsConfig tls) {

  /**
   * One upstream.
   *
   * @param url {@code http} or {@code https}, host and port; without a path, as targets are sent as
   *     they are
   * @param host what Host says; absent, host and port of the URL. TLS always asks for the URL's
   *     host
   */
  public record Server(java.net.URI url, Optional<String> host) {
    public Server {
      Authority.of(url);
      host.ifPresent(Authority::checkHost);
    }
  }

  /**
   * Connections that are kept.
   *
   * @param maxConnections to one upstream, over all event loops
   * @param maxIdle kept to one upstream on one event loop while nobody needs them
   * @param idleTimeout after which one that nobody needed is closed; less than what upstreams take
   * @param maxWaiting questions that wait for a connection to one upstream; more fail at once
   */
  public record Pool(
      @Default("1024") int maxConnections,
      @Default("32") int maxIdle,
      @Default("30s") Duration idleTimeout,
      @Default("1000") int maxWaiting) {
    public Pool {
      within("maxConnections", maxConnections, 1, 100_000);
      within("maxIdle", maxIdle, 0, 100_000);
      within("idleTimeout in ms", idleTimeout.toMillis(), 10, 3_600_000);
      within("maxWaiting", maxWaiting, 0, 1_000_000);
    }
  }

  /**
   * When the next upstream is tried. Only what may be asked twice is, unless no connection was
   * made: then nothing was asked, and any question goes on to the next, beside these limits.
   *
   * @param maxAttempts times that one question is sent
   * @param share retries and hedges in percent of questions, over the last ten seconds
   * @param perSecond retries and hedges in a second that are allowed beside the share
   * @param statuses answers that count as failures of the upstream; the next is tried, and without
   *     one the answer handed over
   */
  public record Retry(
      @Default("2") int maxAttempts,
      @Default("20") int share,
      @Default("3") int perSecond,
      @Default("[500, 502, 503, 504]") List<Integer> statuses) {
    public Retry {
      within("maxAttempts", maxAttempts, 1, 10);
      within("share", share, 0, 100);
      within("perSecond", perSecond, 0, 1_000_000);
      statuses = List.copyOf(statuses);
      statuses.forEach(status -> within("each of statuses", status, 400, 599));
    }
  }

  /**
   * When an upstream that fails is left out.
   *
   * @param share failures in percent of the last tries, from which on it is
   * @param window the last tries that count
   * @param least tries before any verdict
   * @param openFor how long it is left out before it is tried again
   * @param probes tries that are let through after that, and decide by the same share
   */
  public record Breaker(
      @Default("50") int share,
      @Default("20") int window,
      @Default("5") int least,
      @Default("2s") Duration openFor,
      @Default("2") int probes) {
    public Breaker {
      within("share", share, 1, 100);
      within("window", window, 1, 10_000);
      within("least", least, 1, window);
      within("openFor in ms", openFor.toMillis(), 10, 3_600_000);
      within("probes", probes, 1, 100);
    }
  }

  /**
   * How upstreams are looked at without a question.
   *
   * @param path asked with GET; an answer of 200 to 399 is a good one
   * @param every how often
   * @param timeout for an answer's head
   * @param failures one after the other, after which it is left out until one succeeds
   */
  public record Check(
      String path,
      @Default("5s") Duration every,
      @Default("1s") Duration timeout,
      @Default("2") int failures) {
    public Check {
      if (!path.startsWith("/") || !path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#')) {
        throw new IllegalArgumentException("path must begin with a slash, not: " + path);
      }
      within("every in ms", every.toMillis(), 10, 3_600_000);
      within("timeout in ms", timeout.toMillis(), 10, 600_000);
      within("failures", failures, 1, 100);
    }
  }

  public UpstreamsConfig {
    peers = List.copyOf(peers);
    origins = List.copyOf(origins);
    Set<String> known = new HashSet<>();
    for (List<Server> group : List.of(peers, origins)) {
      for (Server server : group) {
        if (!known.add(Authority.of(server.url()).toString())) {
          throw new IllegalArgumentException("each upstream only once: " + server.url());
        }
      }
    }
    if (known.isEmpty()) {
      throw new IllegalArgumentException("origins must name at least one upstream");
    }
    within("upstreams", known.size(), 1, 256);
    within("connect in ms", connect.toMillis(), 10, 600_000);
    within("deadline in ms", deadline.toMillis(), 10, 600_000);
    within("firstByte in ms", firstByte.toMillis(), 10, 3_600_000);
    within("idle in ms", idle.toMillis(), 10, 3_600_000);
    within("maxHeadBytes", maxHeadBytes.bytes(), 256, 1 << 20);
    within("maxFields", maxFields, 8, 10_000);
    within("maxInterim", maxInterim, 0, 100);
    hedgeAfter.ifPresent(after -> within("hedgeAfter in ms", after.toMillis(), 1, 600_000));
    within("maxRetryAfter in ms", maxRetryAfter.toMillis(), 0, 86_400_000);
    within("resolve in ms", resolve.toMillis(), 10, 86_400_000);
  }

  static void within(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " must be " + least + " to " + most + ", not " + value);
    }
  }
}
