package oca.steering;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import oca.config.ByteSize;
import oca.config.Default;
import oca.config.Live;
import oca.model.Endpoint;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.protocol.flight.FlightConfig;
import oca.steering.geo.GeoConfig;
import oca.steering.play.PlaybackConfig;
import oca.steering.qoe.QoeConfig;
import oca.steering.rank.Site;
import oca.steering.routes.StaticRoutes;

/**
 * What an operator sets.
 *
 * @param listen where viewers, players and appliances ask; port 0 takes any free one
 * @param catalog the publisher's catalogue
 * @param sites where appliances stand
 * @param networks where viewers are; an address in none of them is sent to the origin
 * @param routes where viewers are, too, as routers tell it
 * @param origin always offered last
 * @param originPathway the pathway id of the origin in the players' manifests
 * @param publicUri base of this service as players see it, for the URI that they ask again
 * @param lease how long one heartbeat keeps an appliance in the answers; not below {@code
 *     fleet.suspect}, not above {@code fleet.forget}
 * @param ttl how long a player keeps an answer; whole seconds
 * @param headroomFloor an appliance with a smaller free share gets no new viewers; 0 to 1
 * @param trustClientParameter whether {@code client=} in a query may name another client: for
 *     callers that ask on behalf of viewers, never where viewers ask themselves
 * @param catalogInterval between two looks at the catalogue
 * @param geo where clients are on the earth, for what routes do not tell; nobody knows when not
 *     given
 * @param fleet how appliances are watched, besides the lease
 * @param ranking how appliances are chosen among their equals
 * @param registry where operators' decisions are kept
 * @param operators a listener for operators; none when not given
 * @param access who may come in, and how
 * @param playback what players are given
 * @param qoe what is made of players' reports
 * @param diagnose the flight recording, kept when the process stands still
 * @param recording what becomes of the records of decisions
 * @param replica what a node that starts cold begins with; nothing when not given
 * @param limits what is taken in at most
 */
public record SteeringConfig(
    @Default("127.0.0.1:8460") Endpoint listen,
    URI catalog,
    List<Site> sites,
    List<Network> networks,
    @Default("{}") RoutesConfig routes,
    Endpoint origin,
    @Default("origin") String originPathway,
    URI publicUri,
    @Live @Default("3s") Duration lease,
    @Live @Default("30s") Duration ttl,
    @Live @Default("0.05") double headroomFloor,
    @Default("false") boolean trustClientParameter,
    @Default("5s") Duration catalogInterval,
    Optional<GeoConfig> geo,
    @Default("{}") FleetConfig fleet,
    @Live @Default("{}") RankConfig ranking,
    @Default("{}") RegistryConfig registry,
    Optional<OperatorsConfig> operators,
    @Default("{}") AccessConfig access,
    @Default("{}") PlaybackConfig playback,
    @Default("{}") QoeConfig qoe,
    @Default("{}") FlightConfig diagnose,
    @Default("{}") RecordingConfig recording,
    Optional<ReplicaConfig> replica,
    @Default("{}") Limits limits) {

  private static final Pattern PATHWAY = Pattern.compile("[A-Za-z0-9_-]{1,63}");

  /**
   * A network of viewers and the site that is at home there.
   *
   * @param prefix such as {@code 192.0.2.0/24} or {@code 2001:db8::/32}
   * @param site by its id
   */
  public record Network(String prefix, SiteId site) {
    public Network {
      Prefix.parse(prefix);
    }

    StaticRoutes.Route route() {
      return new StaticRoutes.Route(Prefix.parse(prefix), site);
    }
  }

  /**
   * What is taken in at most.
   *
   * @param appliances names heard of within the life of the process; at most 65,534
   * @param filesPerAppliance in one inventory
   * @param filesInAll in all inventories together, about 2 bytes each
   * @param files different ones in all inventories, about 50 bytes each
   * @param inventoriesPerSecond whole inventories that are asked for
   * @param catalogFiles in the catalogue
   * @param catalogTimeout for one look at the catalogue
   * @param appliancesPerAnswer besides the origin
   * @param requestBody of one request; an inventory needs 35 bytes a file
   * @param requestsAtOnce being read or answered; more get 503
   */
  public record Limits(
      @Default("10000") int appliances,
      @Default("1900000") int filesPerAppliance,
      @Default("100000000") long filesInAll,
      @Default("5000000") int files,
      @Default("100") int inventoriesPerSecond,
      @Default("5000000") int catalogFiles,
      @Default("10s") Duration catalogTimeout,
      @Live @Default("3") int appliancesPerAnswer,
      @Default("64MiB") ByteSize requestBody,
      @Default("256") int requestsAtOnce) {
    public Limits {
      require(
          appliances > 0 && appliances < 65_535, "limits.appliances must be above 0, below 65535");
      require(filesPerAppliance > 0, "limits.filesPerAppliance must be above 0");
      require(filesInAll > 0, "limits.filesInAll must be above 0");
      require(files > 0, "limits.files must be above 0");
      require(inventoriesPerSecond > 0, "limits.inventoriesPerSecond must be above 0");
      require(catalogFiles > 0, "limits.catalogFiles must be above 0");
      require(catalogTimeout.isPositive(), "limits.catalogTimeout must be above 0");
      require(
          appliancesPerAnswer > 0 && appliancesPerAnswer <= 3,
          "limits.appliancesPerAnswer must be 1 to 3");
      require(
          requestBody.bytes() > 0 && requestBody.bytes() < Integer.MAX_VALUE,
          "limits.requestBody must be above 0B and below 2GiB");
      require(requestsAtOnce > 0, "limits.requestsAtOnce must be above 0");
    }
  }

  public SteeringConfig {
    Set<SiteId> ids = new HashSet<>();
    for (Site site : sites) {
      require(ids.add(site.id()), "the site " + site.id() + " is given twice; keep one");
    }
    StaticRoutes.require(networks.stream().map(Network::route).toList(), ids);
    routes.requireSites(ids);
    require(isHttp(catalog), "catalog must be an absolute http or https URI: " + catalog);
    require(
        isHttp(publicUri) && publicUri.getRawQuery() == null && publicUri.getRawFragment() == null,
        "publicUri must be an absolute http or https URI without a query: " + publicUri);
    require(
        PATHWAY.matcher(originPathway).matches(),
        "originPathway must be 1 to 63 of A-Z, a-z, 0-9, - and _: " + originPathway);
    require(origin.port() > 0, "origin must have a port above 0: " + origin);
    require(lease.isPositive(), "lease must be above 0");
    require(
        lease.compareTo(fleet.suspect()) >= 0 && lease.compareTo(fleet.forget()) <= 0,
        "lease must be from fleet.suspect (" + fleet.suspect() + ") to fleet.forget");
    require(
        ttl.toSeconds() > 0 && ttl.equals(Duration.ofSeconds(ttl.toSeconds())),
        "ttl must be whole seconds, 1s or more: players loop on 0");
    require(headroomFloor >= 0 && headroomFloor <= 1, "headroomFloor must be 0 to 1");
    require(catalogInterval.toMillis() > 0, "catalogInterval must be above 0");
  }

  private static boolean isHttp(URI uri) {
    return uri.getHost() != null
        && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
