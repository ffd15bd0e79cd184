package oca.steering;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import oca.model.Prefix;
import oca.steering.http.RoutesEndpoint;
import oca.steering.http.RoutesReport;
import oca.steering.http.RoutesReport.Peer;
import oca.steering.routes.ForwardingTable;
import oca.steering.routes.MrtFile;
import oca.steering.routes.RouteFilter;
import oca.steering.routes.RouteSource;
import oca.steering.routes.RouteViews;
import oca.steering.routes.RoutingTable;
import oca.steering.routes.RoutingTable.Seen;
import oca.steering.routes.RoutingTable.ViewState;
import oca.steering.routes.StaticRoutes;
import oca.steering.routes.bgp.BgpListener;
import oca.steering.routes.bgp.SessionStatus;
import oca.steering.routes.bmp.BmpReceiver;
import oca.steering.routes.bmp.RouterStatus;

/**
 * The table of routes with all its sources: makes those that are configured, starts them together
 * and tells operators how they are. Any thread.
 */
final class RouteRoom implements RoutesEndpoint.Room, AutoCloseable {
  private final RoutingTable routes;
  private final StaticRoutes networks;
  private final Optional<BgpListener> bgp;
  private final Optional<BmpReceiver> bmp;
  private final List<MrtFile> dumps = new ArrayList<>();
  private final List<RouteSource> started = new ArrayList<>();

  /**
   * A room in which nothing is known.
   *
   * @param clock for what people read
   * @param nanoClock monotonic; the sessions' timers are measured with it
   */
  RouteRoom(SteeringConfig config, InstantSource clock, LongSupplier nanoClock) {
    RoutesConfig settings = config.routes();
    routes = new RoutingTable(settings.limits(), settings.compileInterval(), nanoClock);
    networks =
        new StaticRoutes(
            config.networks().stream().map(SteeringConfig.Network::route).toList(), routes);
    RouteViews filtered = new RouteFilter(settings.filter()).over(routes);
    bgp = settings.bgp().map(it -> new BgpListener(it, filtered, clock, nanoClock));
    bmp = settings.bmp().map(it -> new BmpReceiver(it, filtered, clock));
    settings.mrt().forEach(dump -> dumps.add(new MrtFile(dump.settings(), filtered)));
  }

  /**
   * Starts all sources, the configured networks first: those are in the table when this returns.
   *
   * @throws IOException when a source cannot have its address; the message names it and what to
   *     set. All that was started is closed then.
   */
  void start() throws IOException {
    start(networks);
    // The first answer is to know what the configuration says.
    routes.compile();
    routes.start();
    try {
      for (RouteSource source : bgp.stream().toList()) {
        start(source);
      }
      for (RouteSource source : bmp.stream().toList()) {
        start(source);
      }
      for (MrtFile dump : dumps) {
        start(dump);
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public ForwardingTable table() {
    return routes.table();
  }

  @Override
  public List<Seen> seen(Prefix longest, int shortest, int most) {
    return routes.seen(longest, shortest, most);
  }

  @Override
  public List<ViewState> views() {
    return routes.views();
  }

  /** Where BGP is listened for; empty when it is not. */
  Optional<BgpListener> bgp() {
    return bgp;
  }

  /** Where BMP is listened for; empty when it is not. */
  Optional<BmpReceiver> bmp() {
    return bmp;
  }

  /** Compiled tables and their cost. */
  RoutingTable.Counts counts() {
    return routes.counts();
  }

  /** What the routes behind the table take in memory. */
  long bytes() {
    return routes.bytes();
  }

  @Override
  public RoutesReport report(int most) {
    List<Peer> peers = peers();
    Map<String, String> states = new HashMap<>();
    peers.forEach(peer -> states.put(peer.source() + " " + peer.peer(), peer.state()));
    List<ViewState> views = routes.views();
    RoutingTable.Counts counts = routes.counts();
    return new RoutesReport(
        views.stream().limit(most).map(view -> line(view, states)).toList(),
        peers.stream().limit(most).toList(),
        listening(),
        reasons(),
        new RoutesReport.Table(
            table().size(),
            table().bytes(),
            counts.paths(),
            routes.bytes(),
            counts.compilations(),
            TimeUnit.NANOSECONDS.toMillis(counts.lastNanos()),
            TimeUnit.NANOSECONDS.toMillis(counts.longestNanos())),
        views.size() > most || peers.size() > most);
  }

  /** By source, and {@code routes} for the table itself: how often what was a reason. */
  Map<String, Map<String, Long>> reasons() {
    Map<String, Map<String, Long>> reasons = new TreeMap<>();
    bgp.ifPresent(it -> reasons.put(it.name(), it.counts()));
    bmp.ifPresent(it -> reasons.put(it.name(), it.counts()));
    reasons.put("routes", routes.counts().refused());
    return reasons;
  }

  private Map<String, String> listening() {
    Map<String, String> listening = new TreeMap<>();
    bgp.ifPresent(it -> listening.put(it.name(), it.endpoint().toString()));
    bmp.ifPresent(it -> listening.put(it.name(), it.endpoint().toString()));
    return listening;
  }

  /** Ends all sources, then the table. */
  @Override
  public void close() {
    started.reversed().forEach(RouteSource::close);
    started.clear();
    routes.close();
  }

  private void start(RouteSource source) throws IOException {
    source.start();
    started.add(source);
  }

  private List<Peer> peers() {
    List<Peer> peers = new ArrayList<>();
    bgp.ifPresent(it -> it.status().forEach(status -> peers.add(peer(status))));
    bmp.ifPresent(it -> it.status().forEach(status -> peers.add(peer(status))));
    dumps.forEach(dump -> peers.add(peer(dump)));
    return peers;
  }

  private static Peer peer(SessionStatus status) {
    return new Peer(
        "bgp",
        status.address().toString(),
        status.site(),
        status.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        status.since().toString(),
        status.prefixesV4(),
        status.prefixesV6(),
        status.lastError());
  }

  private static Peer peer(RouterStatus status) {
    return new Peer(
        "bmp",
        status.name(),
        status.site(),
        status.connected() ? "connected" : "lost",
        status.since().toString(),
        status.peers().stream().mapToInt(RouterStatus.Peer::prefixesV4).sum(),
        status.peers().stream().mapToInt(RouterStatus.Peer::prefixesV6).sum(),
        status.lastError());
  }

  private static Peer peer(MrtFile dump) {
    MrtFile.Counts counts = dump.counts();
    String state =
        counts.reads() + counts.failures() == 0
            ? "not read"
            : counts.fault().isEmpty() ? "read" : "broken";
    return new Peer(
        "mrt",
        dump.settings().path().toString(),
        dump.settings().site(),
        state,
        "",
        0,
        0,
        counts.fault());
  }

  private static RoutesReport.View line(ViewState view, Map<String, String> states) {
    String source = RoutesReport.source(view.name());
    return new RoutesReport.View(
        view.name(),
        source,
        view.site(),
        view.steers(),
        states.getOrDefault(
            RoutesReport.speaker(view.name()), source.equals("static") ? "configured" : "open"),
        view.paths(),
        view.stale(),
        view.refused(),
        view.unchangedNanos() < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(view.unchangedNanos()));
  }
}
