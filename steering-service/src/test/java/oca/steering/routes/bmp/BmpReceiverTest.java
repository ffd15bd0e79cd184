package oca.steering.routes.bmp;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import oca.config.ByteSize;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.Endpoint;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.MemoryViews;
import oca.steering.routes.PathAttributes;
import oca.steering.routes.bgp.wire.AsPath;
import oca.steering.routes.bgp.wire.Capability;
import oca.steering.routes.bgp.wire.Message.Keepalive;
import oca.steering.routes.bgp.wire.Message.Update;
import oca.steering.routes.bgp.wire.MessageEncoder;
import oca.steering.routes.bgp.wire.Negotiated;
import oca.steering.routes.bgp.wire.Nlri;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BmpReceiverTest {
  private static final String PEER = "192.0.2.9";
  private static final String VIEW = "bmp r1 peer 192.0.2.9 post-policy";
  private static final String OTHER = "bmp r1 peer 192.0.2.9 pre-policy";
  private static final byte[] POST = Bmp.peer(PEER, Bmp.POST);
  private static final byte[] PRE = Bmp.peer(PEER, 0);

  private final MemoryViews deciding = new MemoryViews();
  private final MemoryViews watched = deciding.watched();
  private BmpReceiver receiver;

  @BeforeEach
  void start() throws IOException, ConfigException {
    receiver = receiver("watch: true");
  }

  @AfterEach
  void stop() {
    receiver.close();
    assertEquals(Set.of(), deciding.names());
    assertEquals(Set.of(), watched.names());
  }

  private BmpReceiver receiver(String more) throws IOException, ConfigException {
    BmpConfig config =
        ConfigFile.parse(
            "test",
            """
            listen: 127.0.0.1:0
            routers:
              - { network: 127.0.0.1, name: r1, site: north }
              - { network: 127.0.0.16/28, name: edge, site: south, vrfs: true }
            limits: { routers: 2, peersPerRouter: 2, prefixesPerView: 3, messageSize: 8KiB }
            """
                + more,
            BmpConfig.class);
    BmpReceiver opened = new BmpReceiver(config, deciding, InstantSource.system());
    opened.start();
    return opened;
  }

  private Socket router(String from) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.setSoTimeout(20_000);
    socket.connect(receiver.endpoint().resolve());
    return socket;
  }

  private static void send(Socket router, byte[]... messages) throws IOException {
    for (byte[] message : messages) {
      router.getOutputStream().write(message);
    }
  }

  private static Update routes(String... prefixes) {
    return Update.of(List.of(), nlri(prefixes), AsPath.of(65_001, 65_002), 7);
  }

  private static Update gone(String... prefixes) {
    return Update.of(nlri(prefixes), List.of(), AsPath.EMPTY, 0);
  }

  private static List<Nlri> nlri(String... prefixes) {
    return List.of(prefixes).stream().map(p -> new Nlri(Prefix.parse(p), 0)).toList();
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(assertion);
  }

  private void awaitCount(BmpReason reason, long count) {
    eventually(() -> assertEquals(count, receiver.count(reason), reason.label()));
  }

  private void awaitRoutes(String... prefixes) {
    eventually(() -> assertEquals(Set.of(prefixes), deciding.written(VIEW).keySet()));
  }

  @Test
  void routes_ofBothSides_neverMeet() throws IOException {
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.words(4, 2, "core-1"), Bmp.up(PEER));
      send(router, Bmp.routes(PRE, routes("203.0.113.0/24", "2001:db8::/32")));
      send(router, Bmp.routes(POST, routes("203.0.113.0/24")));
      awaitRoutes("203.0.113.0/24");
      assertEquals(
          Map.of("203.0.113.0/24", new PathAttributes(2, 7, 65_002)), deciding.written(VIEW));
      assertEquals(Set.of("203.0.113.0/24", "2001:db8::/32"), watched.written(OTHER).keySet());
      // As FRR does: withdrawn before the policy, still valid behind it.
      send(router, Bmp.routes(PRE, gone("203.0.113.0/24")));
      eventually(() -> assertEquals(Set.of("2001:db8::/32"), watched.written(OTHER).keySet()));
      awaitRoutes("203.0.113.0/24");
      assertEquals(Set.of(VIEW), deciding.names());
      assertEquals(Set.of(OTHER), watched.names());
      RouterStatus status = receiver.status().getFirst();
      assertEquals("core-1", status.says());
      assertEquals(new SiteId("north"), status.site());
      assertTrue(status.connected() && status.messages() == 5, status.toString());
      assertTrue(
          status.peers().contains(new RouterStatus.Peer(PEER, 65_009, Policy.POST_POLICY, 1, 0)),
          status.toString());
    }
    awaitCount(BmpReason.CONNECTION_LOST, 1);
    assertEquals(Set.of(), deciding.names());
    assertTrue(!receiver.status().getFirst().connected());
  }

  @Test
  void routes_ofTheSideNotWatched_areLeftOut() throws IOException, ConfigException {
    receiver.close();
    receiver = receiver("decideBy: pre-policy");
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.up(PEER), Bmp.routes(POST, routes("203.0.113.0/24")));
      send(router, Bmp.routes(PRE, routes("198.51.100.0/24")));
      eventually(() -> assertEquals(Set.of("198.51.100.0/24"), deciding.written(OTHER).keySet()));
      assertEquals(1, receiver.count(BmpReason.OTHER_POLICY));
      assertEquals(Set.of(), watched.names());
    }
  }

  @Test
  void peerDown_beforeUp_isHarmless() throws IOException {
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.down(PEER), Bmp.routes(POST, routes("203.0.113.0/24")));
      awaitCount(BmpReason.ROUTE_BEFORE_UP, 1);
      assertEquals(1, receiver.count(BmpReason.DOWN_BEFORE_UP));
      send(router, Bmp.up(PEER), Bmp.routes(POST, routes("203.0.113.0/24")));
      awaitRoutes("203.0.113.0/24");
    }
  }

  @Test
  void peerDown_afterUp_takesItsRoutesOnly() throws IOException {
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.up(PEER), Bmp.up("2001:db8::9"));
      send(router, Bmp.routes(POST, routes("203.0.113.0/24")));
      send(router, Bmp.routes(Bmp.peer("2001:db8::9", Bmp.POST), routes("198.51.100.0/24")));
      eventually(() -> assertEquals(2, deciding.names().size()));
      send(router, Bmp.down(PEER));
      eventually(
          () -> assertEquals(Set.of("bmp r1 peer 2001:db8::9 post-policy"), deciding.names()));
    }
  }

  @Test
  void peerUp_again_voidsWhatItTold() throws IOException {
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.up(PEER), Bmp.routes(POST, routes("203.0.113.0/24")));
      awaitRoutes("203.0.113.0/24");
      send(router, Bmp.up(PEER), Bmp.routes(POST, routes("198.51.100.0/24")));
      awaitRoutes("198.51.100.0/24");
    }
  }

  @Test
  void routes_legacyAsPath_areReadByTheFlag() throws IOException {
    byte[] legacy = Bmp.peer(PEER, Bmp.POST | Bmp.LEGACY);
    byte[] update =
        MessageEncoder.encode(
            Update.of(List.of(), nlri("203.0.113.0/24"), AsPath.of(65_001, 70_000), 0),
            new Negotiated(false, true, false, false));
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.up(PEER), Bmp.message(0, legacy, update));
      awaitRoutes("203.0.113.0/24");
      assertEquals(new PathAttributes(2, 0, 70_000), deciding.written(VIEW).get("203.0.113.0/24"));
    }
  }

  @Test
  void routes_pathIdsByTheOpens_areRead() throws IOException {
    Capability paths = new Capability.AddPath(List.of(new Capability.Direction(1, 1, true, true)));
    Prefix prefix = Prefix.parse("203.0.113.0/24");
    byte[] update =
        MessageEncoder.encode(
            Update.of(
                List.of(), List.of(new Nlri(prefix, 1), new Nlri(prefix, 2)), AsPath.EMPTY, 0),
            new Negotiated(true, true, true, false));
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.up(PRE, paths), Bmp.message(0, POST, update));
      eventually(
          () ->
              assertEquals(
                  Set.of(new MemoryViews.Key(prefix, 1), new MemoryViews.Key(prefix, 2)),
                  deciding.of(VIEW).keySet()));
    }
  }

  @Test
  void messages_ofNoUse_areSkipped() throws IOException {
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.message(9, new byte[100]), Bmp.message(6, PRE, new byte[4]));
      send(router, Bmp.message(1, PRE, new byte[4]), Bmp.message(0, new byte[41]));
      send(router, Bmp.up(Bmp.peer(3, 0, 0, PEER)), Bmp.up(Bmp.peer(PEER, Bmp.OUT)));
      send(router, Bmp.up(Bmp.peer(1, 0, 7, PEER)));
      send(router, Bmp.up(PEER), Bmp.message(0, POST, new byte[30]));
      send(router, Bmp.routes(POST, new Keepalive()));
      send(router, Bmp.routes(POST, routes("203.0.113.0/24")));
      awaitRoutes("203.0.113.0/24");
      assertEquals(1, receiver.count(BmpReason.UNKNOWN_TYPE));
      assertEquals(1, receiver.count(BmpReason.MIRRORED));
      assertEquals(1, receiver.count(BmpReason.STATISTICS));
      assertEquals(2, receiver.count(BmpReason.MALFORMED));
      assertEquals(2, receiver.count(BmpReason.OTHER_RIB));
      assertEquals(1, receiver.count(BmpReason.OTHER_INSTANCE));
      assertEquals(1, receiver.count(BmpReason.BAD_UPDATE));
    }
  }

  @Test
  void update_malformedAttributes_withdraws() throws IOException {
    byte[] update =
        java.util.HexFormat.of()
            .parseHex("ff".repeat(16) + "0029020000000e40010109400200400304c000020118cb0071");
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.up(PEER), Bmp.routes(POST, routes("203.0.113.0/24", "10.0.0.0/8")));
      send(router, Bmp.message(0, POST, update));
      awaitRoutes("10.0.0.0/8");
      assertEquals(1, receiver.count(BmpReason.TREATED_AS_WITHDRAW));
    }
  }

  @Test
  void vrfPeers_ofRouterThatCountsThem_haveTheirOwnViews() throws IOException {
    try (Socket router = router("127.0.0.17")) {
      byte[] vrf = Bmp.peer(1, Bmp.POST, 0xfde800000001L, PEER);
      send(router, Bmp.up(PEER), Bmp.up(vrf));
      send(
          router,
          Bmp.routes(POST, routes("203.0.113.0/24")),
          Bmp.routes(vrf, routes("10.0.0.0/8")));
      eventually(
          () ->
              assertEquals(
                  Set.of(
                      "bmp edge 127.0.0.17 peer 192.0.2.9 post-policy",
                      "bmp edge 127.0.0.17 peer 192.0.2.9 vrf 0000fde800000001 post-policy"),
                  deciding.names()));
    }
  }

  @Test
  void prefixes_beyondLimit_dropTheViewUntilUpAgain() throws IOException {
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.up(PEER));
      for (int i = 0; i < 6; i++) {
        send(router, Bmp.routes(POST, routes("10." + i + ".0.0/16")));
      }
      awaitCount(BmpReason.VIEW_FULL, 3);
      assertEquals(Set.of(), deciding.names());
      send(router, Bmp.up(PEER), Bmp.routes(POST, routes("203.0.113.0/24")));
      awaitRoutes("203.0.113.0/24");
    }
  }

  @Test
  void peers_beyondLimit_areLeftOut() throws IOException {
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.up("192.0.2.1"), Bmp.up("192.0.2.2"), Bmp.up("192.0.2.3"));
      awaitCount(BmpReason.TOO_MANY_PEERS, 1);
    }
  }

  @Test
  void routers_beyondLimitOrUnknown_areRefused() throws IOException {
    try (Socket first = router("127.0.0.1");
        Socket second = router("127.0.0.17")) {
      eventually(() -> assertEquals(2, receiver.status().size()));
      try (Socket third = router("127.0.0.18")) {
        assertEquals(-1, third.getInputStream().read());
      }
      try (Socket stranger = router("127.0.0.2")) {
        assertEquals(-1, stranger.getInputStream().read());
      }
      assertEquals(1, receiver.count(BmpReason.TOO_MANY_ROUTERS));
      assertEquals(1, receiver.count(BmpReason.UNKNOWN_ROUTER));
      first.shutdownOutput();
      second.shutdownOutput();
      awaitCount(BmpReason.CONNECTION_LOST, 2);
      try (Socket third = router("127.0.0.18")) {
        send(third, Bmp.up(PEER), Bmp.routes(POST, routes("203.0.113.0/24")));
        eventually(() -> assertEquals(1, deciding.names().size()));
      }
    }
  }

  @Test
  void connection_newerOfSameRouter_replaces() throws IOException {
    try (Socket first = router("127.0.0.1")) {
      send(first, Bmp.up(PEER), Bmp.routes(POST, routes("203.0.113.0/24")));
      awaitRoutes("203.0.113.0/24");
      try (Socket second = router("127.0.0.1")) {
        send(second, Bmp.up(PEER), Bmp.routes(POST, routes("198.51.100.0/24")));
        awaitRoutes("198.51.100.0/24");
        assertEquals(-1, first.getInputStream().read());
        assertEquals(1, receiver.count(BmpReason.REPLACED));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"020000000604", "030000000504", "030000200104", "474554202f20"})
  void frame_impossible_endsIt(String hex) throws IOException {
    try (Socket router = router("127.0.0.1")) {
      send(router, java.util.HexFormat.of().parseHex(hex));
      assertEquals(-1, router.getInputStream().read());
      awaitCount(BmpReason.BAD_FRAME, 1);
    }
  }

  @Test
  void termination_always_endsIt() throws IOException {
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.up(PEER), Bmp.routes(POST, routes("203.0.113.0/24")));
      send(router, Bmp.words(5, 0, "maintenance"));
      assertEquals(-1, router.getInputStream().read());
      awaitCount(BmpReason.TERMINATED, 1);
    }
  }

  /** Whatever is damaged: the connection goes on or ends by the rules, and the next one works. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void damage_anywhere_neverHurtsTheNextConnection(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] whole = Bmp.routes(POST, routes("203.0.113.0/24", "2001:db8::/32"));
    for (int i = 0; i < 60; i++) {
      byte[] damaged = whole.clone();
      if (random.nextBoolean()) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      } else {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      }
      try (Socket router = router("127.0.0.1")) {
        send(router, Bmp.up(PEER), damaged);
      }
      long times = i + 1L;
      eventually(
          () ->
              assertEquals(
                  times,
                  receiver.count(BmpReason.CONNECTION_LOST)
                      + receiver.count(BmpReason.BAD_FRAME)
                      + receiver.count(BmpReason.TERMINATED)
                      + receiver.count(BmpReason.REPLACED)));
    }
    try (Socket router = router("127.0.0.1")) {
      send(router, Bmp.up(PEER), Bmp.routes(POST, routes("203.0.113.0/24")));
      awaitRoutes("203.0.113.0/24");
    }
  }

  @Test
  void parse_onlyWhatMustBeGiven_takesTheDefaults() throws ConfigException {
    assertEquals(
        new BmpConfig(
            new Endpoint("127.0.0.1", 1791),
            List.of(new BmpConfig.Router("192.0.2.9", "r1", new SiteId("north"), false)),
            Policy.POST_POLICY,
            false,
            new BmpConfig.Limits(64, 256, 350_000, new ByteSize(128 << 10))),
        ConfigFile.parse(
            "test",
            "routers:\n  - { network: 192.0.2.9, name: r1, site: north }\n",
            BmpConfig.class));
  }

  @Test
  void parse_sameNameTwice_isRefused() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                ConfigFile.parse(
                    "test",
                    """
                    routers:
                      - { network: 192.0.2.9, name: r1, site: north }
                      - { network: 192.0.2.8, name: r1, site: north }
                    """,
                    BmpConfig.class));
    assertTrue(e.getMessage().contains("the bmp router name r1 is given twice"), e.getMessage());
  }
}
