package oca.steering.routes.bgp.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import oca.model.Address;
import oca.model.Prefix;
import oca.steering.routes.PathAttributes;
import oca.steering.routes.bgp.wire.AsPath.Kind;
import oca.steering.routes.bgp.wire.AsPath.Segment;
import oca.steering.routes.bgp.wire.AttributeFault.Treatment;
import oca.steering.routes.bgp.wire.Message.Keepalive;
import oca.steering.routes.bgp.wire.Message.Notification;
import oca.steering.routes.bgp.wire.Message.Open;
import oca.steering.routes.bgp.wire.Message.RouteRefresh;
import oca.steering.routes.bgp.wire.Message.Update;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages written down by hand from the RFCs. */
class GoldenBytesTest {
  private static final String MARKER = "ff".repeat(16);
  private static final Negotiated TWO_OCTETS = new Negotiated(false, true, false, false);

  /** ORIGIN IGP, AS_PATH 65001 65002, NEXT_HOP 192.0.2.1, with numbers of four bytes. */
  private static final String SHARED =
      "400101 00" + "40020a 0202 0000fde9 0000fdea" + "400304 c0000201";

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static Decoded decode(String hex) {
    return decode(hex, Negotiated.PLAIN);
  }

  private static Decoded decode(String hex, Negotiated negotiated) {
    return MessageDecoder.decode(bytes(hex), negotiated, MessageDecoder.MAX);
  }

  /** An UPDATE with its lengths put in. */
  private static String update(String withdrawn, String attributes, String nlri) {
    int gone = bytes(withdrawn).remaining();
    int shared = bytes(attributes).remaining();
    int length = 23 + gone + shared + bytes(nlri).remaining();
    return "%s %04x 02 %04x %s %04x %s %s"
        .formatted(MARKER, length, gone, withdrawn, shared, attributes, nlri);
  }

  private static Update read(String hex) {
    return read(hex, Negotiated.PLAIN);
  }

  private static Update read(String hex, Negotiated negotiated) {
    Decoded.Read read = assertInstanceOf(Decoded.Read.class, decode(hex, negotiated));
    return assertInstanceOf(Update.class, read.message());
  }

  private static Notification refusal(String hex) {
    return assertInstanceOf(Decoded.Refused.class, decode(hex)).answer();
  }

  private static Nlri path(String prefix) {
    return new Nlri(Prefix.parse(prefix), 0);
  }

  private static void assertWithdrawn(Update update, String... prefixes) {
    assertEquals(List.of(), update.announced());
    assertEquals(
        List.of(prefixes).stream().map(GoldenBytesTest::path).toList(), update.withdrawn());
    assertTrue(update.faults().stream().anyMatch(fault -> fault.treatment() == Treatment.WITHDRAW));
  }

  @Test
  void keepalive_both_areNineteenBytes() {
    String golden = MARKER + "001304";
    assertEquals(new Decoded.Read(new Keepalive()), decode(golden));
    assertEquals(golden, hex(MessageEncoder.encode(new Keepalive(), Negotiated.PLAIN)));
  }

  @Test
  void notification_both_haveCodeSubcodeAndData() {
    String golden = MARKER + "001c03 06 01 0001 01 00000064";
    Notification cease = new Notification(6, 1, HexFormat.of().parseHex("00010100000064"));
    assertEquals(new Decoded.Read(cease), decode(golden));
    assertArrayEquals(bytes(golden).array(), MessageEncoder.encode(cease, Negotiated.PLAIN));
  }

  @Test
  void notificationText_shutdownWithWords_quotesThemPrintable() {
    byte[] data = "\u0008gone\nfor".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertEquals("cease/2 \"gone?for\"", new Notification(6, 2, data).text());
    assertEquals("cease/2", new Notification(6, 2, new byte[] {9, 'a'}).text());
    assertEquals("hold timer expired/0", Notification.of(4, 0).text());
  }

  @Test
  void routeRefresh_both_haveFamily() {
    String golden = MARKER + "001705 0002 00 01";
    assertEquals(new Decoded.Read(new RouteRefresh(2, 1)), decode(golden));
    assertArrayEquals(
        bytes(golden).array(), MessageEncoder.encode(new RouteRefresh(2, 1), Negotiated.PLAIN));
  }

  @Test
  void open_both_haveAllCapabilities() {
    String capabilities =
        "0104 0001 00 01 0104 0002 00 01 0200" // IPv4, IPv6, ROUTE-REFRESH
            + "4006 8078 0001 01 80" // restarting, 120 s, IPv4 forwarding kept
            + "4104 00010000" // AS 65536
            + "4508 0001 01 01 0002 01 03" // ADD-PATH: IPv4 receive, IPv6 both
            + "4600"; // enhanced route refresh: not known to us
    String golden = MARKER + "0047 01 04 5ba0 005a c0000207" + "2a 02 28" + capabilities;
    Open open =
        new Open(
            65_536,
            90,
            Address.parse("192.0.2.7"),
            List.of(
                new Capability.Multiprotocol(1, 1),
                new Capability.Multiprotocol(2, 1),
                new Capability.RouteRefresh(),
                new Capability.GracefulRestart(true, 120, List.of(new Capability.Kept(1, 1, true))),
                new Capability.FourOctetAs(65_536),
                new Capability.AddPath(
                    List.of(
                        new Capability.Direction(1, 1, true, false),
                        new Capability.Direction(2, 1, true, true))),
                new Capability.Other(70, "")));
    assertEquals(new Decoded.Read(open), decode(golden));
    assertArrayEquals(bytes(golden).array(), MessageEncoder.encode(open, Negotiated.PLAIN));
  }

  @Test
  void open_withoutCapabilities_isIpv4OfTwoOctets() {
    Decoded.Read read =
        assertInstanceOf(Decoded.Read.class, decode(MARKER + "001d 01 04 fde9 005a c0000207 00"));
    Open open = assertInstanceOf(Open.class, read.message());
    assertEquals(65_001, open.as());
    assertTrue(open.has(Family.IPV4) && !open.has(Family.IPV6) && !open.fourOctetAs());
  }

  @Test
  void open_extendedParameters_areRead() {
    Decoded.Read read =
        assertInstanceOf(
            Decoded.Read.class,
            decode(MARKER + "0029 01 04 fde9 005a c0000207 ff ff 0009 02 0006 4104 0000fde9"));
    assertEquals(
        List.of(new Capability.FourOctetAs(65_001)),
        assertInstanceOf(Open.class, read.message()).capabilities());
  }

  @ParameterizedTest
  @CsvSource({
    "version 3,            001d 01 03 fde9 005a c0000207 00,                1, 0004",
    "AS 0,                 001d 01 04 0000 005a c0000207 00,                2, ''",
    "router id 0,          001d 01 04 fde9 005a 00000000 00,                3, ''",
    "parameter 1,          0020 01 04 fde9 005a c0000207 03 01 01 00,       4, ''",
    "hold time 2,          001d 01 04 fde9 0002 c0000207 00,                6, ''",
    "parameters too long,  001d 01 04 fde9 005a c0000207 02,                0, ''",
    "capability too long,  0021 01 04 fde9 005a c0000207 04 02 02 41 04,    0, ''",
    "AS 0 in capability,   0025 01 04 fde9 005a c0000207 08 02 06 41 04 00000000, 2, ''"
  })
  void open_faulty_isRefusedWithItsSubcode(String what, String body, int subcode, String data) {
    assertEquals(
        new Notification(2, subcode, HexFormat.of().parseHex(data)), refusal(MARKER + body), what);
  }

  @ParameterizedTest
  @CsvSource({
    "marker,             fffffffffffffffffffffffffffffffe 0013 04,      1, ''",
    "length 18,          ffffffffffffffffffffffffffffffff 0012 04,      2, 0012",
    "length 4097,        ffffffffffffffffffffffffffffffff 1001 02,      2, 1001",
    "long KEEPALIVE,     ffffffffffffffffffffffffffffffff 0014 04 00,   2, 0014",
    "short OPEN,         ffffffffffffffffffffffffffffffff 0013 01,      2, 0013",
    "type 6,             ffffffffffffffffffffffffffffffff 0013 06,      3, 06"
  })
  void header_faulty_isRefusedWithItsSubcode(String what, String hex, int subcode, String data) {
    assertEquals(new Notification(1, subcode, HexFormat.of().parseHex(data)), refusal(hex), what);
  }

  @Test
  void update_oldFields_areRoutes() {
    Update update =
        read(
            update(
                "18 c63364",
                SHARED + "800404 00000007 400504 00000064",
                "18 cb0071 00 20 0a000001"));
    assertEquals(List.of(path("198.51.100.0/24")), update.withdrawn());
    assertEquals(
        List.of(path("203.0.113.0/24"), path("0.0.0.0/0"), path("10.0.0.1/32")),
        update.announced());
    assertEquals(new PathAttributes(2, 7, 65_002), update.attributes());
    assertEquals(List.of(), update.faults());
  }

  @Test
  void update_encoded_isAsByHand() {
    Update update =
        Update.of(
            List.of(path("198.51.100.0/24")),
            List.of(path("203.0.113.0/24")),
            AsPath.of(65_001, 65_002),
            7);
    String golden =
        update(
            "18 c63364",
            "50010001 00 5002000a 0202 0000fde9 0000fdea 50030004 c0000201"
                + "90040004 00000007 50050004 00000064",
            "18 cb0071");
    assertArrayEquals(bytes(golden).array(), MessageEncoder.encode(update, Negotiated.PLAIN));
  }

  @Test
  void update_bitsBehindThePrefix_areOfNoMatter() {
    assertEquals(List.of(path("10.128.0.0/9")), read(update("", SHARED, "09 0aff")).announced());
  }

  @Test
  void update_multiprotocol_isRoutes() {
    String attributes =
        "800e 1f 0002 01 10 20010db8000000000000000000000001 00 20 20010db8 20 20010db9"
            + "800f 08 0002 01 20 20010dba"
            + "400101 00 400206 0201 0000fde9";
    Update update = read(update("", attributes, ""));
    assertEquals(List.of(path("2001:db8::/32"), path("2001:db9::/32")), update.announced());
    assertEquals(List.of(path("2001:dba::/32")), update.withdrawn());
    assertEquals(new PathAttributes(1, 0, 65_001), update.attributes());
  }

  @Test
  void update_mappedIpv6Prefix_isLeftOut() {
    String attributes =
        "800e 25 0002 01 10 20010db8000000000000000000000001 00"
            + "78 00000000000000000000ffff0a0000"
            + "400101 00 400200";
    assertEquals(List.of(), read(update("", attributes, "")).announced());
  }

  @Test
  void update_withPathIds_keepsThem() {
    Update update =
        read(
            update("00000005 18 c63364", SHARED, "ffffffff 18 cb0071"),
            new Negotiated(true, true, true, false));
    assertEquals(List.of(new Nlri(Prefix.parse("198.51.100.0/24"), 5)), update.withdrawn());
    assertEquals(
        List.of(new Nlri(Prefix.parse("203.0.113.0/24"), 0xffff_ffffL)), update.announced());
  }

  @Test
  void update_nothingInIt_isEndOfRib() {
    assertEquals(Optional.of(Family.IPV4), read(update("", "", "")).endOfRib());
    assertEquals(Optional.of(Family.IPV6), read(update("", "800f 03 0002 01", "")).endOfRib());
    assertEquals(
        hex(bytes(update("", "900f 0003 0002 01", "")).array()),
        hex(MessageEncoder.encode(Update.endOf(Family.IPV6), Negotiated.PLAIN)));
    assertEquals(Optional.empty(), read(update("", "800f 08 0002 01 20 20010dba", "")).endOfRib());
  }

  @Test
  void asPath_setsAndConfederations_countAsTheRfcsSay() {
    String attributes =
        "400101 00 400304 c0000201"
            + "40021a 0301 0000fc00 0202 0000fde9 0000fdea 0102 0000fdeb 0000fdec";
    Update update = read(update("", attributes, "18 cb0071"));
    assertEquals(List.of(), update.faults());
    assertEquals(new PathAttributes(3, 0, 0), update.attributes());
    assertTrue(update.asPath().contains(0xfc00));
  }

  @Test
  void as4Path_ofTwoOctetPeer_isMerged() {
    // AS_PATH 65001 23456 23456, AS4_PATH 70000 70001: the first AS knew of two bytes only.
    String attributes =
        "400101 00 400304 c0000201 400208 0203 fde9 5ba0 5ba0 c0110a 0202 00011170 00011171";
    Update update = read(update("", attributes, "18 cb0071"), TWO_OCTETS);
    assertEquals(
        new AsPath(
            List.of(
                new Segment(Kind.SEQUENCE, List.of(65_001L)),
                new Segment(Kind.SEQUENCE, List.of(70_000L, 70_001L)))),
        update.asPath());
    assertEquals(new PathAttributes(3, 0, 70_001), update.attributes());
  }

  @Test
  void as4Path_longerThanAsPath_isIgnored() {
    String attributes = "400101 00 400304 c0000201 400204 0201 5ba0 c0110a 0202 00011170 00011171";
    assertEquals(AsPath.of(23_456), read(update("", attributes, "18 cb0071"), TWO_OCTETS).asPath());
  }

  @Test
  void as4Path_besideAggregatorOfTwoOctets_isIgnored() {
    String attributes =
        "400101 00 400304 c0000201 400206 0202 5ba0 5ba0 c0110a 0202 00011170 00011171"
            + "c00706 fde9 0a000001 c01208 00011170 0a000001";
    assertEquals(
        AsPath.of(23_456, 23_456), read(update("", attributes, "18 cb0071"), TWO_OCTETS).asPath());
  }

  @Test
  void as4Path_malformed_isDiscarded() {
    String attributes = "400101 00 400304 c0000201 400204 0201 fde9 c01103 020100";
    Update update = read(update("", attributes, "18 cb0071"), TWO_OCTETS);
    assertEquals(AsPath.of(65_001), update.asPath());
    assertEquals(Treatment.DISCARD, update.faults().getFirst().treatment());
  }

  @ParameterizedTest
  @CsvSource({
    "no ORIGIN,               40020a 0202 0000fde9 0000fdea 400304 c0000201",
    "no AS_PATH,              400101 00 400304 c0000201",
    "no NEXT_HOP,             400101 00 400200",
    "ORIGIN 3,                400101 03 400200 400304 c0000201",
    "ORIGIN empty,            400100 400200 400304 c0000201",
    "ORIGIN optional,         c00101 00 400200 400304 c0000201",
    "segment type 5,          400101 00 400206 0501 0000fde9 400304 c0000201",
    "segment empty,           400101 00 400202 0200 400304 c0000201",
    "segment overrun,         400101 00 400206 0202 0000fde9 400304 c0000201",
    "segment underrun,        400101 00 400207 0201 0000fde9 02 400304 c0000201",
    "AS 0,                    400101 00 400206 0201 00000000 400304 c0000201",
    "NEXT_HOP of 5,           400101 00 400200 400305 c000020100",
    "MED of 3,                400101 00 400200 400304 c0000201 800403 000000",
    "LOCAL_PREF of 1,         400101 00 400200 400304 c0000201 400501 64",
    "COMMUNITIES of 3,        400101 00 400200 400304 c0000201 c00803 000000",
    "ORIGINATOR_ID of 3,      400101 00 400200 400304 c0000201 800903 000000",
    "last one cut,            400101 00 400200 400304 c0000201 800404 0000",
    "two bytes left,          400101 00 400200 400304 c0000201 8004"
  })
  void update_attributeMalformed_isTreatedAsWithdraw(String what, String attributes) {
    assertWithdrawn(read(update("", attributes, "18 cb0071")), "203.0.113.0/24");
  }

  @ParameterizedTest
  @CsvSource({
    "ATOMIC_AGGREGATE of 1,   400601 00",
    "AGGREGATOR of 6,         c00706 fde9 0a000001",
    "MED twice,               800404 00000001 800404 00000002",
  })
  void update_faultOfNoWeight_isDiscarded(String what, String more) {
    Update update = read(update("", SHARED + more, "18 cb0071"));
    assertEquals(List.of(path("203.0.113.0/24")), update.announced());
    assertEquals(Treatment.DISCARD, update.faults().getFirst().treatment(), what);
    assertEquals(1, update.faults().size());
  }

  @Test
  void update_localPrefOfAnotherAs_isNotLookedAt() {
    Update update =
        read(
            update("", SHARED + "400501 64 800903 000000 800a01 00", "18 cb0071"),
            new Negotiated(true, false, false, false));
    assertEquals(List.of(path("203.0.113.0/24")), update.announced());
    assertEquals(List.of(), update.faults());
  }

  @Test
  void update_otherFamily_isLeftOut() {
    String vpn = "800e 11 0001 80 0c 000000000000000000000000 00";
    Update update = read(update("", "400101 00 400200" + vpn, ""));
    assertEquals(Treatment.OTHER_FAMILY, update.faults().getFirst().treatment());
    assertEquals(List.of(), update.announced());
  }

  @Test
  void update_unknownOptionalAttribute_isNoFault() {
    assertEquals(List.of(), read(update("", SHARED + "c0ff02 0000", "18 cb0071")).faults());
  }

  @Test
  void update_withdrawalOfBrokenRoutes_comesBehindThoseWithdrawn() {
    assertWithdrawn(
        read(update("18 c63364", "400101 03 400200 400304 c0000201", "18 cb0071")),
        "198.51.100.0/24",
        "203.0.113.0/24");
  }

  @ParameterizedTest
  @CsvSource({
    "prefix of 33 bits,        '',     , 21 0a00000000,   10",
    "prefix cut,               '',     , 18 0a00,         10",
    "withdrawn of 33 bits,     21 0a00000000, '', '',     10",
    "unknown well-known,       '', 40ff00, 18 cb0071,     2",
    "MP_REACH twice,           '', 800e06 0001010400 00 800e06 0001010400 00, '',  1",
    "MP_REACH of 4,            '', 800e04 00020110, '',   9",
    "MP_REACH cut,             '', 800eff 0002, '',       9",
    "MP_REACH next hop of 8,   '', 800e0d 000201 08 0000000000000000 00, '', 9",
    "MP_UNREACH of 2,          '', 800f02 0002, '',       9",
    "MP_UNREACH of 129 bits,   '', 800f04 000201 81, '',  9",
    "a fault but no route,     '', 400101 03, '',         1",
    "a fault besides routes gone,  18 c63364, 400101 03, '',  1"
  })
  void update_routesCannotBeTold_isRefused(
      String what, String withdrawn, String attributes, String nlri, int subcode) {
    String shared = attributes == null ? SHARED : attributes;
    Notification answer = refusal(update(withdrawn, shared, nlri));
    assertEquals(3, answer.code(), what);
    assertEquals(subcode, answer.subcode(), what);
  }

  @Test
  void update_lengthsBeyondItsSize_isRefused() {
    assertEquals(Notification.of(3, 1), refusal(MARKER + "0017 02 0001 0000"));
    assertEquals(Notification.of(3, 1), refusal(MARKER + "0017 02 0000 0001"));
  }

  @Test
  void negotiated_bothOpens_holdsWhatBothCan() {
    Open ours =
        new Open(
            65_000,
            90,
            Address.parse("192.0.2.7"),
            List.of(
                new Capability.FourOctetAs(65_000),
                new Capability.AddPath(
                    List.of(
                        new Capability.Direction(1, 1, true, false),
                        new Capability.Direction(2, 1, true, false)))));
    Open theirs =
        new Open(
            65_000,
            90,
            Address.parse("192.0.2.8"),
            List.of(
                new Capability.FourOctetAs(65_000),
                new Capability.AddPath(
                    List.of(
                        new Capability.Direction(1, 1, true, true),
                        new Capability.Direction(2, 1, true, false)))));
    assertEquals(new Negotiated(true, true, true, false), Negotiated.of(ours, theirs));
  }
}
