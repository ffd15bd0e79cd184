package oca.steering.routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.SiteId;
import oca.steering.routes.bgp.BgpConfig;
import oca.steering.routes.bgp.BgpListener;
import oca.steering.routes.bgp.BgpReason;
import oca.steering.routes.bgp.SessionStatus;
import oca.steering.routes.bgp.SessionStatus.State;
import oca.steering.routes.bmp.BmpConfig;
import oca.steering.routes.bmp.BmpReason;
import oca.steering.routes.bmp.BmpReceiver;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What real routers tell: BIRD 2 by BGP, and FRR by BMP of what it learned from that same BIRD.
 *
 * <pre>
 *   BIRD 127.0.0.2 --iBGP--> us 127.0.0.1
 *        `-------iBGP--> FRR 127.0.0.3 --BMP--> us
 * </pre>
 */
@Tag("routers")
class RealRoutersTest {
  private static final String BGP_VIEW = "bgp 127.0.0.2";
  private static final String POST = "bmp frr peer 127.0.0.2 post-policy";
  private static final String PRE = "bmp frr peer 127.0.0.2 pre-policy";
  private static final int ROUTES = 4000;

  private final MemoryViews bgpViews = new MemoryViews();
  private final MemoryViews bmpViews = new MemoryViews();
  private final MemoryViews watched = bmpViews.watched();
  private final int birdPort = RouterProcess.freePort("127.0.0.2");
  private final int frrPort = RouterProcess.freePort("127.0.0.3");
  private BgpListener bgp;
  private BmpReceiver bmp;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException, ConfigException {
    bgp =
        new BgpListener(
            ConfigFile.parse(
                "test",
                """
                listen: 127.0.0.1:0
                routerId: 10.255.0.1
                peers:
                  - { network: 127.0.0.2, as: 65000, site: north }
                """,
                BgpConfig.class),
            bgpViews,
            InstantSource.system(),
            System::nanoTime);
    bgp.start();
    bmp =
        new BmpReceiver(
            ConfigFile.parse(
                "test",
                """
                listen: 127.0.0.1:0
                watch: true
                routers:
                  - { network: 127.0.0.1, name: frr, site: south }
                """,
                BmpConfig.class),
            bmpViews,
            InstantSource.system());
    bmp.start();
  }

  @AfterEach
  void stop() {
    bgp.close();
    bmp.close();
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(assertion);
  }

  private static String prefix(int i) {
    return i % 2 == 0
        ? "10.%d.%d.0/24".formatted(i / 256, i % 256)
        : "2001:db8:%x::/48".formatted(i);
  }

  private static int hops(int i) {
    return i % 5;
  }

  /** The MEDs and paths that the configuration of {@link #bird} gives. */
  private static Map<String, PathAttributes> routes(IntPredicate there) {
    Map<String, PathAttributes> routes = new TreeMap<>();
    for (int i = 0; i < ROUTES; i++) {
      if (there.test(i)) {
        routes.put(
            prefix(i),
            new PathAttributes(hops(i), i % 100, hops(i) == 0 ? 0 : 65_100 + 10_000 * (i % 3)));
      }
    }
    return routes;
  }

  private String bird(IntPredicate there, boolean withFrr) {
    StringBuilder config =
        new StringBuilder(
            """
            log "%s" all;
            router id 10.255.0.2;
            graceful restart wait 20;
            protocol device { }
            """
                .formatted(folder.resolve("bird.log")));
    config.append(neighbor("oca", "127.0.0.1", bgp.endpoint().port(), "add paths tx;"));
    if (withFrr) {
      config.append(neighbor("frr", "127.0.0.3", frrPort, ""));
    }
    for (int family = 0; family < 2; family++) {
      config.append("protocol static { ipv").append(family == 0 ? 4 : 6).append(";\n");
      for (int i = family; i < ROUTES; i += 2) {
        if (there.test(i)) {
          config.append(route(i));
        }
      }
      config.append("}\n");
    }
    return config.toString();
  }

  private static String route(int i) {
    StringBuilder route = new StringBuilder();
    route.append("  route ").append(prefix(i)).append(" blackhole { bgp_med = ").append(i % 100);
    route.append("; bgp_path = +empty+;");
    for (int hop = 0; hop < hops(i); hop++) {
      // The first prepended is the origin; those of two in three need four bytes.
      route
          .append(" bgp_path.prepend(")
          .append(hop == 0 ? 65_100 + 10_000 * (i % 3) : 64_500 + hop);
      route.append(");");
    }
    return route.append(" };\n").toString();
  }

  private String neighbor(String name, String address, int port, String ofIpv6) {
    return """
    protocol bgp %s {
      local 127.0.0.2 port %d as 65000;
      neighbor %s port %d as 65000;
      multihop;
      graceful restart on;
      graceful restart time 60;
      connect delay time 1;
      connect retry time 1;
      error wait time 1, 2;
      ipv4 { import none; export all; next hop address 192.0.2.2; };
      ipv6 { import none; export all; next hop address 2001:db8::2; %s };
    }
    """
        .formatted(name, birdPort, address, port, ofIpv6);
  }

  private String frr() {
    return """
    hostname frr-1
    router bgp 65000
     bgp router-id 10.255.0.3
     neighbor 127.0.0.2 remote-as 65000
     neighbor 127.0.0.2 port %d
     neighbor 127.0.0.2 update-source 127.0.0.3
     ! Both would connect each second, collide, and close each other's connection again and again.
     neighbor 127.0.0.2 passive
     address-family ipv4 unicast
      neighbor 127.0.0.2 activate
      neighbor 127.0.0.2 soft-reconfiguration inbound
      neighbor 127.0.0.2 route-map IN in
     exit-address-family
     address-family ipv6 unicast
      neighbor 127.0.0.2 activate
      neighbor 127.0.0.2 soft-reconfiguration inbound
     exit-address-family
     bmp targets oca
      bmp stats interval 1000
      bmp monitor ipv4 unicast pre-policy
      bmp monitor ipv4 unicast post-policy
      bmp monitor ipv6 unicast pre-policy
      bmp monitor ipv6 unicast post-policy
      bmp connect 127.0.0.1 port %d min-retry 100 max-retry 500
     exit
    exit
    ip prefix-list DENIED seq 5 permit %s
    route-map IN deny 10
     match ip address prefix-list DENIED
    route-map IN permit 20
    """
        .formatted(birdPort, bmp.endpoint().port(), prefix(0));
  }

  /** What FRR knows by BGP, with its policy, written as a dump every second. */
  private String frrThatDumps() {
    return frr() + "dump bgp routes-mrt " + folder.resolve("rib") + " 1\n";
  }

  private void awaitView(MemoryViews views, String view, Map<String, PathAttributes> routes) {
    eventually(() -> assertEquals(routes.size(), views.of(view).size(), this::faults));
    // On the way from one set to another there may be as many as at its end.
    eventually(() -> assertEquals(routes, views.written(view)));
  }

  private String faults() {
    return bgp.status() + "\n" + bmp.status();
  }

  private void assertNoFault() {
    for (BgpReason reason : BgpReason.values()) {
      boolean usual =
          reason == BgpReason.CONNECTION_LOST
              || reason == BgpReason.RESTART_HELPED
              || reason == BgpReason.REFRESH_ASKED;
      assertTrue(usual || bgp.count(reason) == 0, reason + " " + faults());
    }
  }

  @Test
  void bird_thousandsOfRoutes_areFedExactly() throws Exception {
    try (RouterProcess bird = RouterProcess.bird(folder, bird(i -> true, false))) {
      awaitView(bgpViews, BGP_VIEW, routes(i -> true));
      SessionStatus status = bgp.status().getFirst();
      assertEquals(State.ESTABLISHED, status.state());
      assertEquals(ROUTES / 2, status.prefixesV4());
      assertEquals(ROUTES / 2, status.prefixesV6());
      assertEquals("10.255.0.2", status.routerId());
      // Asked for several paths of IPv6 prefixes, BIRD gives each a number, and IPv4 ones none.
      for (MemoryViews.Key path : bgpViews.of(BGP_VIEW).keySet()) {
        assertEquals(path.prefix().network().v4(), path.pathId() == 0, path.toString());
      }
      bird.configure(bird(i -> i % 7 != 0, false));
      awaitView(bgpViews, BGP_VIEW, routes(i -> i % 7 != 0));
      bird.configure(bird(i -> i % 3 != 0, false));
      awaitView(bgpViews, BGP_VIEW, routes(i -> i % 3 != 0));
      assertNoFault();
    }
    eventually(() -> assertEquals(0, bgpViews.names().size()));
    // On SIGTERM it says so, and a session that ends with a word keeps nothing.
    eventually(() -> assertEquals(1, bgp.count(BgpReason.PEER_NOTIFIED)));
  }

  @Test
  void bird_killedAndRestarted_keepsItsRoutesThenSweeps() throws Exception {
    try (RouterProcess bird = RouterProcess.bird(folder, bird(i -> true, false))) {
      awaitView(bgpViews, BGP_VIEW, routes(i -> true));
      bird.kill();
      eventually(() -> assertEquals(State.RESTARTING, bgp.status().getFirst().state()));
      assertEquals(routes(i -> true), bgpViews.written(BGP_VIEW));
      assertEquals(ROUTES, bgpViews.staleOf(BGP_VIEW).size());
      Files.writeString(folder.resolve("bird.conf"), bird(i -> i % 7 != 0, false));
      bird.startAgain("-R");
      awaitView(bgpViews, BGP_VIEW, routes(i -> i % 7 != 0));
      eventually(() -> assertEquals(0, bgpViews.staleOf(BGP_VIEW).size()));
      assertEquals(1, bgp.count(BgpReason.RESTART_HELPED));
      assertNoFault();
    }
  }

  @Test
  void birdByBgpFrrByBmpAndADump_sameRoutes_giveTheSameTable() throws Exception {
    Path other = Files.createDirectory(folder.resolve("frr"));
    IntPredicate there = i -> i != 0;
    MemoryViews dumpViews = new MemoryViews();
    MrtFile dump =
        new MrtFile(
            new MrtFile.Settings(
                folder.resolve("rib"),
                new SiteId("east"),
                null,
                Duration.ofMillis(100),
                4 << 20,
                1_000_000),
            dumpViews);
    try (dump;
        RouterProcess bird = RouterProcess.bird(folder, bird(there, true));
        RouterProcess frr = RouterProcess.frr(other, "127.0.0.3", frrPort, frrThatDumps())) {
      dump.start();
      awaitView(bgpViews, BGP_VIEW, routes(there));
      awaitView(bmpViews, POST, routes(there));
      String view = "mrt " + folder.resolve("rib");
      eventually(
          () ->
              assertEquals(
                  routes(there).size(),
                  dumpViews.of(view).size(),
                  () -> dump.counts() + frr.read("bgpd.log") + bird.read("bird.log")));
      Map<String, ForwardingTable.Match> byBgp = table(bgpViews.of(BGP_VIEW));
      assertEquals(routes(there).size(), byBgp.size());
      assertEquals(byBgp, table(bmpViews.of(POST)));
      // It is written anew each second.
      eventually(() -> assertEquals(byBgp, table(dumpViews.of(view))));
    }
  }

  /** Compiles what a view told, as if all were of one site, and looks each prefix up. */
  private static Map<String, ForwardingTable.Match> table(
      Map<MemoryViews.Key, PathAttributes> told) {
    RoutingTable routes =
        new RoutingTable(
            new RoutingTable.Limits(1, 10_000, 10_000, 1), Duration.ofHours(1), System::nanoTime);
    RouteFeed feed = routes.open("view", new SiteId("site"));
    told.forEach((key, attributes) -> feed.announce(key.prefix(), 0, attributes));
    ForwardingTable table = routes.compile();
    Map<String, ForwardingTable.Match> matches = new TreeMap<>();
    for (MemoryViews.Key key : told.keySet()) {
      matches.put(key.prefix().toString(), table.lookup(key.prefix().network()));
    }
    return matches;
  }

  @Test
  void frr_routesOfBird_arePostPolicyWhatBgpTells() throws Exception {
    Path other = Files.createDirectory(folder.resolve("frr"));
    try (RouterProcess bird = RouterProcess.bird(folder, bird(i -> true, true));
        RouterProcess frr = RouterProcess.frr(other, "127.0.0.3", frrPort, frr())) {
      awaitView(bgpViews, BGP_VIEW, routes(i -> true));
      awaitView(bmpViews, POST, routes(i -> i != 0));
      // FRR 8.4 also withdraws before the policy what it denied, so that not all need be there.
      Map<String, PathAttributes> before = watched.written(PRE);
      assertTrue(!before.isEmpty() && routes(i -> true).entrySet().containsAll(before.entrySet()));
      bird.configure(bird(i -> i % 7 != 1, true));
      awaitView(bgpViews, BGP_VIEW, routes(i -> i % 7 != 1));
      awaitView(bmpViews, POST, routes(i -> i % 7 != 1 && i != 0));
      assertEquals(0, bmp.count(BmpReason.MALFORMED), frr.read("bgpd.log"));
      assertEquals(0, bmp.count(BmpReason.BAD_UPDATE));
      assertEquals(0, bmp.count(BmpReason.TREATED_AS_WITHDRAW));
      eventually(() -> assertTrue(bmp.count(BmpReason.STATISTICS) > 0));
      assertTrue(bmp.status().getFirst().connected());
      assertEquals("frr-1", bmp.status().getFirst().says());
    }
    eventually(() -> assertEquals(0, bmpViews.names().size()));
  }
}
