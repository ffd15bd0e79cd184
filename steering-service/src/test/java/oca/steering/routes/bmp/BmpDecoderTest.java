package oca.steering.routes.bmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.Address;
import oca.steering.routes.bgp.wire.AsPath;
import oca.steering.routes.bgp.wire.Capability;
import oca.steering.routes.bgp.wire.Message.Update;
import oca.steering.routes.bmp.BmpMessage.Initiation;
import oca.steering.routes.bmp.BmpMessage.LeftOut;
import oca.steering.routes.bmp.BmpMessage.PeerDown;
import oca.steering.routes.bmp.BmpMessage.PeerHeader;
import oca.steering.routes.bmp.BmpMessage.PeerKey;
import oca.steering.routes.bmp.BmpMessage.PeerUp;
import oca.steering.routes.bmp.BmpMessage.RouteMonitoring;
import oca.steering.routes.bmp.BmpMessage.Statistics;
import oca.steering.routes.bmp.BmpMessage.Termination;
import org.junit.jupiter.api.Test;

class BmpDecoderTest {
  /** A global IPv4 peer 192.0.2.9, AS 65001, router id 10.0.0.9, post-policy. */
  private static final String PEER =
      "00 40 0000000000000000 000000000000000000000000c0000209 0000fde9 0a000009"
          + "5f5e1000 00000000";

  private static final PeerHeader HEADER =
      new PeerHeader(
          new PeerKey(0, 0, Address.parse("192.0.2.9")), 65_001, Policy.POST_POLICY, false, true);

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static BmpMessage decode(String hex) {
    ByteBuffer whole = bytes(hex);
    assertEquals(whole.remaining(), BmpDecoder.length(whole, 4096));
    return BmpDecoder.decode(whole.get(5), whole.slice(6, whole.remaining() - 6));
  }

  @Test
  void initiation_names_areRead() {
    assertEquals(
        new Initiation("r1", "a\u00e9?"),
        decode("03 00000014 04 0002 0002 7231 0001 0004 61c3a90a"));
  }

  @Test
  void termination_words_areRead() {
    assertEquals(new Termination("bye"), decode("03 00000013 05 0001 0002 0000 0000 0003 627965"));
  }

  @Test
  void peerDown_reason_isRead() {
    assertEquals(new PeerDown(HEADER, 4), decode("03 00000031 02" + PEER + "04"));
  }

  @Test
  void statistics_counters_areNotLookedAt() {
    assertEquals(new Statistics(HEADER), decode("03 00000034 01" + PEER + "00000001"));
  }

  @Test
  void peerUp_bothOpens_areRead() {
    String open = "ff".repeat(16) + "0025 01 04 fde9 005a 0a000009 08 02 06 41 04 0000fde9";
    String other = "ff".repeat(16) + "001d 01 04 fde8 005a 0a000001 00";
    PeerUp up =
        assertInstanceOf(
            PeerUp.class,
            decode(
                "03 0000008e 03"
                    + PEER
                    + "00".repeat(12)
                    + "c0000201 00b3 c001"
                    + other
                    + open
                    + "0000 0004 74657374"));
    assertEquals(HEADER, up.peer());
    assertEquals(65_000, up.sent().as());
    assertEquals(List.of(new Capability.FourOctetAs(65_001)), up.received().capabilities());
  }

  @Test
  void routeMonitoring_update_isLeftUnread() {
    String update = "ff".repeat(16) + "0017 02 0000 0000";
    RouteMonitoring routes =
        assertInstanceOf(RouteMonitoring.class, decode("03 00000047 00" + PEER + update));
    assertEquals(HEADER, routes.peer());
    assertEquals(bytes(update), routes.update());
  }

  @Test
  void peerHeader_flags_areRead() {
    String v6 = "01 a0 0000fde800000001 20010db8000000000000000000000009 00010000 0a000009";
    Statistics message =
        assertInstanceOf(
            Statistics.class, decode("03 00000034 01" + v6 + "00".repeat(8) + "00000000"));
    assertEquals(
        new PeerHeader(
            new PeerKey(1, 0xfde800000001L, Address.parse("2001:db8::9")),
            65_536,
            Policy.PRE_POLICY,
            true,
            true),
        message.peer());
    assertEquals("2001:db8::9 vrf 0000fde800000001", message.peer().key().toString());
  }

  @Test
  void peerHeader_otherRibs_areNotInbound() {
    String out = PEER.replaceFirst("00 40", "00 10");
    String chosen = PEER.replaceFirst("00 40", "03 80");
    for (String peer : List.of(out, chosen)) {
      assertTrue(
          !assertInstanceOf(Statistics.class, decode("03 00000034 01" + peer + "00000001"))
              .peer()
              .inbound());
    }
  }

  @Test
  void length_impossible_isNone() {
    assertEquals(-1, BmpDecoder.length(bytes("02 00000006 04"), 4096));
    assertEquals(-1, BmpDecoder.length(bytes("03 00000005 04"), 4096));
    assertEquals(-1, BmpDecoder.length(bytes("03 00001001 04"), 4096));
    assertEquals(-1, BmpDecoder.length(bytes("03 ffffffff 04"), 4096));
    assertEquals(6, BmpDecoder.length(bytes("03 00000006 04"), 4096));
  }

  @Test
  void unknownTypes_always_areLeftOut() {
    assertEquals(new LeftOut(BmpReason.MIRRORED), decode("03 00000006 06"));
    assertEquals(new LeftOut(BmpReason.UNKNOWN_TYPE), decode("03 00000007 09 00"));
    assertEquals(new LeftOut(BmpReason.UNKNOWN_TYPE), decode("03 00000006 ff"));
  }

  @Property(tries = 300)
  void decode_damaged_endsWithAValue(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] peer = Bmp.peer("2001:db8::9", Bmp.POST);
    List<byte[]> whole =
        List.of(
            Bmp.up(peer, new Capability.FourOctetAs(65_009)),
            Bmp.down("192.0.2.9"),
            Bmp.routes(peer, Update.of(List.of(), List.of(), AsPath.EMPTY, 0)),
            Bmp.message(1, peer, new byte[12]),
            Bmp.words(4, 2, "router"),
            Bmp.words(5, 0, "gone"));
    byte[] bytes = whole.get(random.nextInt(whole.size()));
    for (int length = 0; length < bytes.length - 6; length++) {
      ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOfRange(bytes, 6, 6 + length));
      assertNotNull(BmpDecoder.decode(bytes[5], cut), "seed " + seed);
    }
    for (int at = 5; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] = (byte) random.nextInt();
      assertNotNull(
          BmpDecoder.decode(
              damaged[5] & 0xff, ByteBuffer.wrap(damaged, 6, damaged.length - 6).slice()),
          "seed " + seed);
    }
  }
}
