package oca.server;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import oca.config.Default;
import oca.config.Live;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.flight.FlightConfig;
import oca.protocol.http.ControlCredentials;
import oca.protocol.records.RecordsConfig;
import oca.server.cmcd.CmsdPolicy;
import oca.server.fill.FillConfig;
import oca.server.http.HttpConfig;
import oca.server.pull.PullConfig;
import oca.server.vitals.HeartbeatConfig;

/**
 * Everything that one appliance is told by its operator. Read by {@link oca.config.ConfigFile}.
 *
 * @param id its id
 * @param site where it stands
 * @param advertise where viewers and peers reach it, as steering tells them; port 0 stands for the
 *     port that {@code http.listen} got
 * @param http how files are served
 * @param store where files are kept
 * @param admin where the operator's listener listens
 * @param adminSocket of a Unix domain socket, for its owner and group, on which it listens too
 * @param controller the fill controller's base URI; absent, nothing is filled
 * @param heartbeat to whom and how often the appliance says that it is there
 * @param fill how files are fetched
 * @param records what becomes of serve records
 * @param pull services whose content is fetched when it is wanted; absent, there are none
 * @param cmsd when players are told of the load, and what they are asked to do
 * @param bitsPerSecond what the appliance may send, for its headroom; nothing is cut off there
 * @param controlTimeout for connecting to the control plane, and again for each exchange with it
 * @param credentials what is shown to steering and to the fill controller, and to nobody else
 * @param diagnose the flight recording, kept when viewers are not served as they should be
 * @param lineage how much is told of where bytes came from, and how many recalls are remembered
 */
public record ApplianceConfig(
    ApplianceId id,
    SiteId site,
    Endpoint advertise,
    @Default("{}") HttpConfig http,
    StoreSettings store,
    @Default("127.0.0.1:8081") Endpoint admin,
    Optional<Path> adminSocket,
    Optional<URI> controller,
    @Default("{}") HeartbeatConfig heartbeat,
    @Default("{}") FillConfig fill,
    @Default("{}") RecordsConfig records,
    Optional<PullConfig> pull,
    @Live @Default("{}") CmsdPolicy cmsd,
    @Live @Default("10000000000") long bitsPerSecond,
    @Default("5s") Duration controlTimeout,
    @Default("{}") ControlCredentials credentials,
    @Default("{}") FlightConfig diagnose,
    @Default("{}") LineageConfig lineage) {

  public ApplianceConfig {
    if (bitsPerSecond <= 0) {
      throw new IllegalArgumentException("bitsPerSecond must be above zero, not " + bitsPerSecond);
    }
    if (!controlTimeout.isPositive()) {
      throw new IllegalArgumentException("controlTimeout must be above zero");
    }
  }

  /** The same, but for how files are served. */
  ApplianceConfig withHttp(HttpConfig other) {
    return new ApplianceConfig(
        id,
        site,
        advertise,
        other,
        store,
        admin,
        adminSocket,
        controller,
        heartbeat,
        fill,
        records,
        pull,
        cmsd,
        bitsPerSecond,
        controlTimeout,
        credentials,
        diagnose,
        lineage);
  }
}
