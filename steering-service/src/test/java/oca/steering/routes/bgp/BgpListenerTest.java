package oca.steering.routes.bgp;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.model.Address;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.steering.routes.MemoryViews;
import oca.steering.routes.PathAttributes;
import oca.steering.routes.bgp.SessionStatus.State;
import oca.steering.routes.bgp.wire.AsPath;
import oca.steering.routes.bgp.wire.Capability;
import oca.steering.routes.bgp.wire.Family;
import oca.steering.routes.bgp.wire.Message.Keepalive;
import oca.steering.routes.bgp.wire.Message.Notification;
import oca.steering.routes.bgp.wire.Message.Open;
import oca.steering.routes.bgp.wire.Message.RouteRefresh;
import oca.steering.routes.bgp.wire.Message.Update;
import oca.steering.routes.bgp.wire.MessageEncoder;
import oca.steering.routes.bgp.wire.Negotiated;
import oca.steering.routes.bgp.wire.Nlri;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BgpListenerTest {
  private static final String MARKER = "ff".repeat(16);
  private static final String PEER = "127.0.0.1";
  private static final String VIEW = "bgp " + PEER;
  private static final PathAttributes TOLD = new PathAttributes(2, 7, 65_002);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final MemoryViews views = new MemoryViews();
  private BgpListener listener;

  @BeforeEach
  void start() throws IOException, ConfigException {
    listener =
        new BgpListener(config(), views, InstantSource.system(), nanos::get, Duration.ofMillis(5));
    listener.start();
  }

  @AfterEach
  void stop() {
    listener.close();
    assertEquals(Set.of(), views.names());
  }

  private static BgpConfig config() throws ConfigException {
    return ConfigFile.parse(
        "test",
        """
        listen: 127.0.0.1:0
        routerId: 192.0.2.1
        peers:
          - { network: 127.0.0.1, as: 65000, site: north, maxPrefixesV4: 10, maxPrefixesV6: 5 }
          - { network: 127.0.0.16/28, as: 65000, site: south, localAs: 65010 }
        limits: { sessions: 8, neighbors: 8, holdDown: 15min, restartTime: 100s }
        """,
        BgpConfig.class);
  }

  private ScriptedPeer peer() throws IOException {
    return new ScriptedPeer(listener.endpoint(), PEER);
  }

  private void pass(long seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(assertion);
  }

  private void awaitCount(BgpReason reason, long count) {
    eventually(() -> assertEquals(count, listener.count(reason), reason.label()));
  }

  private SessionStatus status() {
    List<SessionStatus> all = listener.status();
    assertEquals(1, all.size());
    return all.getFirst();
  }

  private void awaitState(State state) {
    eventually(() -> assertEquals(state, status().state()));
  }

  private void awaitRoutes(String... prefixes) {
    eventually(() -> assertEquals(Set.of(prefixes), views.written(VIEW).keySet()));
  }

  @Test
  void session_routesOfBothFamilies_areFed() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open());
      peer.send(ScriptedPeer.routes("203.0.113.0/24", "2001:db8::/32"), Update.endOf(Family.IPV4));
      eventually(
          () ->
              assertEquals(
                  Map.of("203.0.113.0/24", TOLD, "2001:db8::/32", TOLD), views.written(VIEW)));
      SessionStatus status = status();
      assertEquals(State.ESTABLISHED, status.state());
      assertEquals(new SiteId("north"), status.site());
      assertEquals("192.0.2.9", status.routerId());
      assertEquals(1, status.prefixesV4());
      assertEquals(1, status.prefixesV6());
      assertEquals(4, status.sent());
      eventually(() -> assertEquals(4, status().received()));
      peer.send(Update.of(ScriptedPeer.nlri("203.0.113.0/24"), List.of(), AsPath.EMPTY, 0));
      awaitRoutes("2001:db8::/32");
    }
    awaitCount(BgpReason.CONNECTION_LOST, 1);
    eventually(() -> assertEquals(Set.of(), views.names()));
  }

  @Test
  void open_ours_saysWhatWeCan() throws IOException {
    try (ScriptedPeer peer = peer()) {
      Open open = assertInstanceOf(Open.class, peer.receive());
      assertEquals(ScriptedPeer.AS, open.as());
      assertEquals(90, open.holdTime());
      assertEquals(Address.parse("192.0.2.1"), open.routerId());
      assertTrue(open.fourOctetAs() && open.has(Family.IPV4) && open.has(Family.IPV6));
      assertTrue(open.receivesPaths(Family.IPV4) && open.receivesPaths(Family.IPV6));
      assertTrue(!open.sendsPaths(Family.IPV4) && open.restart().isPresent());
    }
  }

  @Test
  void open_ofPeerWithLocalAs_claimsThat() throws IOException {
    try (ScriptedPeer peer = new ScriptedPeer(listener.endpoint(), "127.0.0.17")) {
      assertEquals(65_010, assertInstanceOf(Open.class, peer.receive()).as());
      peer.send(ScriptedPeer.open(), new Keepalive());
      peer.send(ScriptedPeer.routes("203.0.113.0/24"));
      eventually(() -> assertEquals(1, views.of("bgp 127.0.0.17").size()));
      peer.send(Update.of(List.of(), ScriptedPeer.nlri("203.0.113.0/24"), AsPath.of(1, 65_010), 0));
      awaitCount(BgpReason.AS_LOOP, 1);
      eventually(() -> assertEquals(Map.of(), views.of("bgp 127.0.0.17")));
    }
  }

  @Test
  void connection_ofStranger_isClosed() throws IOException {
    try (ScriptedPeer peer = new ScriptedPeer(listener.endpoint(), "127.0.0.2")) {
      peer.assertClosed();
    }
    awaitCount(BgpReason.UNKNOWN_PEER, 1);
    assertEquals(List.of(), listener.status());
  }

  @ParameterizedTest
  @CsvSource({
    "bad version,     001d 01 03 fde8 005a c0000209 00,     2, 1, BAD_OPEN",
    "wrong AS,        001d 01 04 fde9 005a c0000209 00,     2, 2, WRONG_AS",
    "our router id,   001d 01 04 fde8 005a c0000201 00,     2, 3, BAD_ROUTER_ID",
    "parameter 1,     0020 01 04 fde8 005a c0000209 03 010100, 2, 4, BAD_OPEN",
    "hold time 1,     001d 01 04 fde8 0001 c0000209 00,     2, 6, BAD_HOLD_TIME",
    "hold time 0,     001d 01 04 fde8 0000 c0000209 00,     2, 6, BAD_HOLD_TIME",
    "multicast only,  0025 01 04 fde8 005a c0000209 08 02 06 0104 00010002, 2, 7, NO_FAMILY",
    "KEEPALIVE first, 0013 04,                              5, 1, UNEXPECTED_MESSAGE",
    "UPDATE first,    0017 02 0000 0000,                    5, 1, UNEXPECTED_MESSAGE",
    "bad UPDATE first,0017 02 0001 0000,                    5, 1, UNEXPECTED_MESSAGE",
    "length 18,       0012 04,                              1, 2, BAD_HEADER",
    "length 4097,     1001 02,                              1, 2, BAD_HEADER",
    "type 9,          0013 09,                              1, 3, BAD_HEADER"
  })
  void handshake_fault_isToldByItsCode(
      String what, String hex, int code, int subcode, BgpReason reason) throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.sendHex(MARKER + hex);
      Notification last = peer.last();
      assertEquals(code, last.code(), what);
      assertEquals(subcode, last.subcode(), what);
      awaitCount(reason, 1);
      assertTrue(status().lastError().startsWith(reason.label()), status().lastError());
      awaitState(State.ACTIVE);
    }
  }

  @Test
  void handshake_garbage_isToldByItsMarker() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.sendHex("474554202f20485454502f312e310d0a0d0a0d0a");
      assertEquals(Notification.of(1, 1), peer.last());
    }
  }

  @Test
  void openConfirm_update_isUnexpected() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.send(ScriptedPeer.open(), ScriptedPeer.routes("203.0.113.0/24"));
      assertEquals(Notification.of(5, 2), peer.last());
    }
    assertEquals(Set.of(), views.names());
  }

  @Test
  void established_openAgain_isUnexpected() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open());
      peer.send(ScriptedPeer.open());
      assertEquals(Notification.of(5, 3), peer.last());
    }
  }

  @Test
  void silence_beforeOpen_endsIt() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.receive();
      pass(29);
      assertEquals(State.OPEN_SENT, status().state());
      pass(2);
      assertEquals(Notification.of(4, 0), peer.last());
    }
  }

  @Test
  void silence_establishedForHoldTime_endsItAndItsRoutes() throws IOException {
    try (ScriptedPeer peer = peer()) {
      Open open = ScriptedPeer.open(ScriptedPeer.restart(60, true));
      peer.establish(new Open(open.as(), 30, open.routerId(), open.capabilities()));
      peer.send(ScriptedPeer.routes("203.0.113.0/24"));
      awaitRoutes("203.0.113.0/24");
      pass(11);
      assertEquals(new Keepalive(), peer.receive());
      // OPEN, KEEPALIVE and UPDATE went before: the fourth restarts the hold timer.
      peer.send(new Keepalive());
      eventually(() -> assertEquals(4, status().received()));
      pass(20);
      assertEquals(new Keepalive(), peer.receive());
      assertEquals(State.ESTABLISHED, status().state());
      pass(11);
      assertEquals(Notification.of(4, 0), peer.last());
      awaitCount(BgpReason.HOLD_EXPIRED, 1);
      eventually(() -> assertEquals(Set.of(), views.names()));
    }
  }

  @Test
  void update_malformedAttributes_withdrawsAndGoesOn() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open());
      peer.send(ScriptedPeer.routes("203.0.113.0/24", "198.51.100.0/24"));
      awaitRoutes("203.0.113.0/24", "198.51.100.0/24");
      peer.sendHex(MARKER + "0029 02 0000 000e 400101 09 400200 400304 c0000201 18 cb0071");
      awaitRoutes("198.51.100.0/24");
      awaitCount(BgpReason.TREATED_AS_WITHDRAW, 1);
      peer.send(ScriptedPeer.routes("203.0.113.0/24"));
      awaitRoutes("203.0.113.0/24", "198.51.100.0/24");
      assertEquals(State.ESTABLISHED, status().state());
    }
  }

  @Test
  void update_prefixTooLong_endsIt() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open());
      peer.sendHex(MARKER + "002b 02 0000 000e 400101 00 400200 400304 c0000201 21 cb00710000");
      assertEquals(Notification.of(3, 10), peer.last());
      awaitCount(BgpReason.BAD_UPDATE, 1);
    }
  }

  @Test
  void update_familyNotAgreedOn_isLeftOut() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.establish(
          new Open(
              65_000, 90, Address.parse("192.0.2.9"), List.of(new Capability.FourOctetAs(65_000))));
      peer.send(ScriptedPeer.routes("203.0.113.0/24", "2001:db8::/32"));
      awaitRoutes("203.0.113.0/24");
      awaitCount(BgpReason.OTHER_FAMILY, 1);
    }
  }

  @Test
  void update_severalPaths_areKeptByPathId() throws IOException {
    Prefix prefix = Prefix.parse("203.0.113.0/24");
    try (ScriptedPeer peer = peer()) {
      peer.establish(
          ScriptedPeer.open(
              new Capability.AddPath(List.of(new Capability.Direction(1, 1, false, true)))));
      Negotiated paths = new Negotiated(true, true, true, false);
      List<Nlri> two = List.of(new Nlri(prefix, 1), new Nlri(prefix, 2));
      peer.sendBytes(MessageEncoder.encode(Update.of(List.of(), two, AsPath.of(65_001), 0), paths));
      eventually(() -> assertEquals(2, views.of(VIEW).size()));
      peer.sendBytes(
          MessageEncoder.encode(
              Update.of(List.of(new Nlri(prefix, 1)), List.of(), AsPath.EMPTY, 0), paths));
      eventually(
          () -> assertEquals(Set.of(new MemoryViews.Key(prefix, 2)), views.of(VIEW).keySet()));
    }
  }

  @Test
  void routeRefresh_asked_isCountedOnly() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open());
      peer.send(new RouteRefresh(1, 1));
      awaitCount(BgpReason.REFRESH_ASKED, 1);
      assertEquals(State.ESTABLISHED, status().state());
    }
  }

  @Test
  void prefixes_beyondMaximum_endItAndHoldItDown() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open());
      peer.send(
          ScriptedPeer.routes(
              IntStream.range(0, 9).mapToObj(BgpListenerTest::v4).toArray(String[]::new)));
      awaitCount(BgpReason.NEAR_MAXIMUM, 1);
      assertEquals(9, status().prefixesV4());
      for (int i = 0; i < 200; i++) {
        peer.sendBytes(MessageEncoder.encode(ScriptedPeer.routes(v4(100 + i)), Negotiated.PLAIN));
      }
      Notification last = peer.last();
      assertEquals("cease/1", last.text());
      assertEquals("0001010000000a", java.util.HexFormat.of().formatHex(last.data()));
      awaitState(State.ACTIVE);
      assertEquals(Set.of(), views.names());
    }
    try (ScriptedPeer peer = peer()) {
      assertEquals(Notification.cease(Notification.REJECTED), peer.last());
    }
    awaitCount(BgpReason.HELD_DOWN, 1);
    pass(15 * 60 + 1);
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open());
      awaitState(State.ESTABLISHED);
    }
  }

  private static String v4(int i) {
    return "10.0." + i % 256 + "." + i / 256 + "/32";
  }

  @Test
  void flapping_afterFreeEnds_isRefusedForLongerAndLonger() throws IOException {
    for (int i = 1; i <= 4; i++) {
      endYoung(i);
    }
    assertRefused(1);
    pass(6);
    endYoung(5);
    pass(6);
    assertRefused(2);
    pass(5);
    endYoung(6);
  }

  private void endYoung(int times) throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.receive();
    }
    awaitCount(BgpReason.CONNECTION_LOST, times);
    awaitState(State.ACTIVE);
  }

  private void assertRefused(int times) throws IOException {
    try (ScriptedPeer peer = peer()) {
      assertEquals(Notification.cease(Notification.REJECTED), peer.last());
    }
    awaitCount(BgpReason.HELD_DOWN, times);
  }

  @Test
  void collision_withEstablished_keepsThat() throws IOException {
    try (ScriptedPeer first = peer();
        ScriptedPeer second = peer()) {
      first.establish(ScriptedPeer.open());
      second.send(ScriptedPeer.open());
      assertEquals(Notification.cease(Notification.COLLISION), second.last());
      first.send(ScriptedPeer.routes("203.0.113.0/24"));
      awaitRoutes("203.0.113.0/24");
    }
  }

  @Test
  void collision_beforeEstablished_keepsTheNewer() throws IOException {
    try (ScriptedPeer first = peer();
        ScriptedPeer second = peer()) {
      first.send(ScriptedPeer.open());
      awaitState(State.OPEN_CONFIRM);
      second.establish(ScriptedPeer.open());
      assertEquals(Notification.cease(Notification.COLLISION), first.last());
      second.send(ScriptedPeer.routes("203.0.113.0/24"));
      awaitRoutes("203.0.113.0/24");
    }
  }

  @Test
  void collision_ofThree_refusesTheThird() throws IOException {
    try (ScriptedPeer first = peer();
        ScriptedPeer second = peer();
        ScriptedPeer third = peer()) {
      first.receive();
      second.receive();
      assertEquals(Notification.cease(Notification.COLLISION), third.last());
    }
  }

  private void establishedThenLost() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open(ScriptedPeer.restart(60, true)));
      peer.send(ScriptedPeer.routes("203.0.113.0/24", "198.51.100.0/24", "2001:db8::/32"));
      awaitRoutes("203.0.113.0/24", "198.51.100.0/24", "2001:db8::/32");
    }
    awaitState(State.RESTARTING);
    awaitCount(BgpReason.RESTART_HELPED, 1);
    assertEquals(3, views.staleOf(VIEW).size());
  }

  @Test
  void gracefulRestart_peerBack_keepsThenSweeps() throws IOException {
    establishedThenLost();
    pass(59);
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open(ScriptedPeer.restart(60, true)));
      peer.send(ScriptedPeer.routes("203.0.113.0/24"));
      eventually(() -> assertEquals(2, views.staleOf(VIEW).size()));
      assertEquals(3, views.of(VIEW).size());
      peer.send(Update.endOf(Family.IPV4));
      awaitRoutes("203.0.113.0/24", "2001:db8::/32");
      peer.send(Update.endOf(Family.IPV6));
      awaitRoutes("203.0.113.0/24");
      assertEquals(0, listener.count(BgpReason.STALE_EXPIRED));
    }
  }

  @Test
  void gracefulRestart_peerBackWithoutEnd_sweepsWhenTimeIsUp() throws IOException {
    establishedThenLost();
    try (ScriptedPeer peer = peer()) {
      Open open = ScriptedPeer.open(ScriptedPeer.restart(60, true));
      peer.establish(new Open(open.as(), 65_000, open.routerId(), open.capabilities()));
      peer.send(ScriptedPeer.routes("203.0.113.0/24"));
      eventually(() -> assertEquals(2, views.staleOf(VIEW).size()));
      for (int i = 0; i < 6; i++) {
        pass(61);
        long heard = status().received();
        peer.send(new Keepalive());
        eventually(() -> assertTrue(status().received() > heard));
      }
      awaitCount(BgpReason.STALE_EXPIRED, 1);
      awaitRoutes("203.0.113.0/24");
    }
  }

  @Test
  void gracefulRestart_peerLostItsForwarding_sweepsAtOnce() throws IOException {
    establishedThenLost();
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open(ScriptedPeer.restart(60, false)));
      awaitRoutes();
      assertEquals(Set.of(VIEW), views.names());
    }
  }

  @Test
  void gracefulRestart_peerNotBackInTime_letsGo() throws IOException {
    establishedThenLost();
    pass(61);
    awaitState(State.ACTIVE);
    assertEquals(Set.of(), views.names());
    assertEquals(1, listener.count(BgpReason.STALE_EXPIRED));
  }

  @Test
  void gracefulRestart_newConnectionWhileOldStands_takesOver() throws IOException {
    try (ScriptedPeer old = peer()) {
      old.establish(ScriptedPeer.open(ScriptedPeer.restart(60, true)));
      old.send(ScriptedPeer.routes("203.0.113.0/24", "198.51.100.0/24"));
      awaitRoutes("203.0.113.0/24", "198.51.100.0/24");
      try (ScriptedPeer peer = peer()) {
        peer.establish(ScriptedPeer.open(ScriptedPeer.restart(60, true)));
        old.assertClosed();
        peer.send(ScriptedPeer.routes("203.0.113.0/24"), Update.endOf(Family.IPV4));
        awaitRoutes("203.0.113.0/24");
        assertEquals(State.ESTABLISHED, status().state());
      }
    }
  }

  @Test
  void gracefulRestart_endedByNotification_keepsNothing() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open(ScriptedPeer.restart(60, true)));
      peer.send(ScriptedPeer.routes("203.0.113.0/24"));
      awaitRoutes("203.0.113.0/24");
      peer.send(new Notification(6, 2, new byte[] {4, 'd', 'o', 'n', 'e'}));
      awaitState(State.ACTIVE);
      assertEquals(Set.of(), views.names());
      assertEquals("peer notified: cease/2 \"done\"", status().lastError());
    }
  }

  @Test
  void close_established_tellsThePeer() throws IOException {
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open());
      Thread closer = Thread.ofVirtual().start(listener::close);
      assertEquals(Notification.cease(Notification.SHUTDOWN), peer.last());
      eventually(() -> assertTrue(!closer.isAlive()));
      assertEquals(State.ACTIVE, status().state());
    }
  }

  @Test
  void start_addressTaken_saysSo() throws ConfigException {
    BgpConfig taken = new BgpConfig(listener.endpoint(), "192.0.2.1", List.of(), config().limits());
    try (BgpListener second = new BgpListener(taken, views, InstantSource.system(), nanos::get)) {
      IOException e = assertThrows(IOException.class, second::start);
      assertTrue(e.getMessage().startsWith("bgp cannot listen on " + listener.endpoint()));
    }
  }

  /** Whatever is cut or damaged: the session ends by a rule or goes on, and the next one works. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void damage_anywhere_neverHurtsTheNextSession(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] update =
        MessageEncoder.encode(
            ScriptedPeer.routes("203.0.113.0/24", "2001:db8::/32"), Negotiated.PLAIN);
    for (int i = 0; i < 40; i++) {
      byte[] damaged = update.clone();
      if (random.nextBoolean()) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      } else {
        damaged = java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length));
      }
      try (ScriptedPeer peer = peer()) {
        peer.send(ScriptedPeer.open(), new Keepalive());
        peer.sendBytes(damaged);
        peer.sendBytes(MessageEncoder.encode(new Keepalive(), Negotiated.PLAIN));
      }
      awaitEnds(i + 1);
      pass(1000);
    }
    try (ScriptedPeer peer = peer()) {
      peer.establish(ScriptedPeer.open());
      peer.send(ScriptedPeer.routes("203.0.113.0/24"));
      awaitRoutes("203.0.113.0/24");
    }
  }

  private void awaitEnds(long times) {
    List<BgpReason> ends =
        List.of(
            BgpReason.CONNECTION_LOST,
            BgpReason.BAD_HEADER,
            BgpReason.BAD_UPDATE,
            BgpReason.BAD_OPEN,
            BgpReason.PEER_NOTIFIED,
            BgpReason.TOO_MANY_PREFIXES,
            BgpReason.UNEXPECTED_MESSAGE,
            BgpReason.HOLD_EXPIRED);
    eventually(() -> assertEquals(times, ends.stream().mapToLong(listener::count).sum()));
  }

  @Test
  void endings_always_haveLabelAndSentence() {
    for (BgpReason reason : BgpReason.values()) {
      assertTrue(!reason.label().isEmpty() && !reason.sentence().isEmpty());
    }
    assertEquals(Optional.empty(), Ending.silent(BgpReason.COLLISION, "why").answer());
  }
}
