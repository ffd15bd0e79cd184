package oca.steering.play;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import oca.config.Default;
import oca.config.Live;
import oca.model.ApplianceId;
import oca.model.Prefix;

/**
 * What players are given, and on whose word a client is somebody else than the other end of the
 * connection.
 *
 * @param keyFile keys in the form that appliances read: {@code hmac-token} signs URLs, {@code
 *     hmac-state} seals what players bring back. Without the first, URLs are not signed; without
 *     the second, each process seals with a key of its own. Rotation is by overlap: list the new
 *     key with its {@code notBefore}, and the old one until its {@code notAfter}
 * @param keyInterval between two looks at whether the key file has changed
 * @param scheme of URLs, which is that of the appliances: http or https
 * @param urlLifetime of a signed URL
 * @param stateLifetime a state sealed longer ago is ignored
 * @param proxies networks whose {@code proxyHeader} is believed, such as {@code 10.0.0.0/8}
 * @param proxyHeader the one header that those proxies write; the other would be the client's own
 * @param trustedCallers networks that may name another client by {@code client=}
 * @param stressTtl the TTL of manifests while the fleet is frozen, or an appliance in the answer or
 *     in use is late, draining or gone; whole seconds, above 0
 * @param shedTtl the TTL when there are more requests than {@code manifestsPerSecond}; whole
 *     seconds
 * @param manifestsPerSecond that are decided; more keep their place and come back later
 * @param clones whether appliances that a playlist does not name are offered; without, only {@code
 *     pathways} are
 * @param pathways that the publisher's playlists name, besides the origin's
 * @param spareOrigins hosts that serve what the origin does, at its port, offered behind it
 * @param renewTokens whether playlists name variants and renditions by stable ids that are their
 *     media playlists' names without {@code .m3u8}; then HLS players get new tokens in mid-film
 * @param filesPerAnswer a title of more files is not listed whole
 */
public record PlaybackConfig(
    Optional<Path> keyFile,
    @Default("10s") Duration keyInterval,
    @Default("http") String scheme,
    @Live @Default("6h") Duration urlLifetime,
    @Live @Default("24h") Duration stateLifetime,
    List<String> proxies,
    @Default("x-forwarded-for") ProxyHeader proxyHeader,
    List<String> trustedCallers,
    @Live @Default("5s") Duration stressTtl,
    @Live @Default("2min") Duration shedTtl,
    @Live @Default("20000") int manifestsPerSecond,
    @Default("true") boolean clones,
    List<Pathway> pathways,
    List<String> spareOrigins,
    @Default("false") boolean renewTokens,
    @Live @Default("500") int filesPerAnswer) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,63}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]+]");
  private static final int MOST = 64;
  private static final Duration SHORTEST_LIFETIME = Duration.ofMinutes(1);

  /** How a proxy says for whom it asks. */
  public enum ProxyHeader {
    /** {@code X-Forwarded-For}: addresses, each proxy adds one at the end. */
    X_FORWARDED_FOR,
    /** {@code Forwarded} (RFC 7239). */
    FORWARDED
  }

  /**
   * A pathway that playlists name.
   *
   * @param id its {@code PATHWAY-ID} or {@code serviceLocation}
   * @param appliance which one that is
   */
  public record Pathway(String id, ApplianceId appliance) {
    public Pathway {
      require(ID.matcher(id).matches(), "a pathway's id is 1 to 63 of A-Z a-z 0-9 . _ -: " + id);
    }
  }

  public PlaybackConfig {
    proxies = List.copyOf(proxies);
    trustedCallers = List.copyOf(trustedCallers);
    pathways = List.copyOf(pathways);
    spareOrigins = List.copyOf(spareOrigins);
    proxies.forEach(Prefix::parse);
    trustedCallers.forEach(Prefix::parse);
    require(keyInterval.toMillis() >= 100, "keyInterval must be 100ms or more, not " + keyInterval);
    require(
        scheme.equals("http") || scheme.equals("https"), "scheme is http or https, not " + scheme);
    require(
        urlLifetime.compareTo(SHORTEST_LIFETIME) >= 0
            && stateLifetime.compareTo(SHORTEST_LIFETIME) >= 0,
        "urlLifetime and stateLifetime must be 1min or more");
    require(
        isWholeSeconds(stressTtl), "stressTtl must be whole seconds above 0: players loop on 0");
    require(isWholeSeconds(shedTtl), "shedTtl must be whole seconds above 0: players loop on 0");
    require(manifestsPerSecond > 0, "manifestsPerSecond must be above 0");
    require(filesPerAnswer > 0, "filesPerAnswer must be above 0");
    require(
        proxies.size() <= MOST
            && trustedCallers.size() <= MOST
            && pathways.size() <= MOST
            && spareOrigins.size() <= MOST,
        "at most " + MOST + " proxies, trustedCallers, pathways and spareOrigins each");
    Set<String> ids = new HashSet<>();
    Set<ApplianceId> appliances = new HashSet<>();
    for (Pathway pathway : pathways) {
      require(ids.add(pathway.id()), "the pathway " + pathway.id() + " is given twice; keep one");
      require(
          appliances.add(pathway.appliance()),
          "the appliance " + pathway.appliance() + " has two pathways; keep one");
    }
    for (String host : spareOrigins) {
      require(HOST.matcher(host).matches(), "a spare origin is a host without a port: " + host);
    }
    require(
        clones || !pathways.isEmpty(),
        "without clones at least one pathway is needed: players want two, the origin's is one");
    require(
        !renewTokens || keyFile.isPresent(), "renewTokens needs a keyFile, or there are no tokens");
  }

  /** The networks behind which clients are. */
  List<Prefix> proxyNetworks() {
    return proxies.stream().map(Prefix::parse).toList();
  }

  /** The networks of callers that may name a client. */
  List<Prefix> callerNetworks() {
    return trustedCallers.stream().map(Prefix::parse).toList();
  }

  private static boolean isWholeSeconds(Duration ttl) {
    return ttl.toSeconds() > 0 && ttl.equals(Duration.ofSeconds(ttl.toSeconds()));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
