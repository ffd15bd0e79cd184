package oca.server.cmcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.URLEncoder;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import oca.protocol.Playback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CMCD key by key, by the rules of CTA-5004 and its revisions, and what is no CMCD. */
class CmcdParserTest {
  private static final CmcdParser PARSER = new CmcdParser(CmcdLimits.DEFAULTS);

  /** As a browser sends it: encodeURIComponent. */
  static String query(String members) {
    return "CMCD=" + URLEncoder.encode(members, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Cmcd told(String members) {
    return PARSER.ofQuery(query(members));
  }

  private static Cmcd good(String members) {
    Cmcd cmcd = told(members);
    assertEquals(0, cmcd.malformed(), members);
    return cmcd;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a=b", "CMCD=", "CMCD", "XCMCD=br=1", "cmcd=br=1", "a=b&CMCD=&c"})
  void query_withoutCmcd_isNone(String query) {
    assertSame(Cmcd.NONE, PARSER.parse(query, null, null, null, null));
    assertSame(Cmcd.NONE, PARSER.parse(query, "", "", null, ""));
  }

  @Test
  void request_withoutAnything_isNone() {
    assertSame(Cmcd.NONE, PARSER.parse(null, null, null, null, null));
    assertNull(Cmcd.NONE.playback());
    assertEquals(Cmcd.Source.NONE, Cmcd.NONE.source());
  }

  @Test
  void parse_withoutCmcd_allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    String query = "token=abc&quality=CMCD";
    Cmcd last = Cmcd.NONE;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 2000; i++) {
        last = PARSER.parse(i % 2 == 0 ? query : null, null, null, null, null);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertSame(Cmcd.NONE, last);
    assertTrue(least < 2000, "bytes for 2000 requests: " + least);
  }

  @Test
  void query_ofVersion1_isReadWhole() {
    Cmcd cmcd =
        good(
            "bl=21300,br=3200,bs,cid=\"faec5fc2-ac30-11ea-bb37-0242ac130002\",d=4004,dl=18500,"
                + "mtp=48100,nor=\"..%2F300kbps%2Fsegment35.m4v\",nrr=\"12323-48763\",ot=v,pr=1.08,"
                + "rtp=12000,sf=d,sid=\"6e2fb550-c457-11e9-bb97-0800200c9a66\",st=v,su,tb=6000");
    assertEquals(
        new Cmcd(
            Cmcd.Source.QUERY,
            1,
            0,
            "6e2fb550-c457-11e9-bb97-0800200c9a66",
            "faec5fc2-ac30-11ea-bb37-0242ac130002",
            ObjectType.VIDEO,
            StreamingFormat.DASH,
            StreamType.VOD,
            null,
            3200,
            6000,
            12000,
            48100,
            21300,
            18500,
            4004,
            1.08,
            true,
            true,
            List.of(new NextObject("../300kbps/segment35.m4v", "12323-48763"))),
        cmcd);
    assertEquals(
        new Playback(
            "6e2fb550-c457-11e9-bb97-0800200c9a66",
            "faec5fc2-ac30-11ea-bb37-0242ac130002",
            "video",
            "vod",
            3200,
            48100,
            21300,
            true,
            true),
        cmcd.playback());
  }

  @Test
  void fields_ofVersion1_areReadTogether() {
    Cmcd cmcd =
        PARSER.parse(
            null,
            CharBuffer.wrap("mtp=25400, bl=1200,dl=900"),
            "br=3200,d=4004,ot=av,tb=6000",
            "bs,rtp=15000",
            "sid=\"6e2f\",cid=\"a\\\"b\\\\c\",sf=h,st=l,pr=2");
    assertEquals(0, cmcd.malformed());
    assertEquals(Cmcd.Source.HEADERS, cmcd.source());
    assertEquals(25400, cmcd.measuredKbps());
    assertEquals(3200, cmcd.encodedKbps());
    assertEquals(15000, cmcd.requestedKbps());
    assertEquals(900, cmcd.deadlineMillis());
    assertEquals("a\"b\\c", cmcd.contentId());
    assertEquals(StreamType.LIVE, cmcd.streamType());
    assertEquals(2.0, cmcd.playbackRate());
    assertEquals(ObjectType.MUXED, cmcd.objectType());
  }

  @Test
  void fieldsAndQuery_both_fieldsAreTakenAlone() {
    Cmcd cmcd = PARSER.parse("CMCD=br%3D1%2Cbs", null, "br=2", null, null);
    assertEquals(Cmcd.Source.HEADERS, cmcd.source());
    assertEquals(2, cmcd.encodedKbps());
    assertFalse(cmcd.starved());
  }

  @Test
  void query_severalArguments_lastCounts() {
    Cmcd cmcd = PARSER.ofQuery("CMCD=br%3D1%2Cbs&x=y&CMCD=br%3D2&z");
    assertEquals(2, cmcd.encodedKbps());
    assertFalse(cmcd.starved());
  }

  @Test
  void query_notEncoded_isReadAsItStands() {
    Cmcd cmcd = PARSER.ofQuery("CMCD=br=3200,bs,sid=\"a+b\",d=4004&x=1");
    assertEquals(3200, cmcd.encodedKbps());
    assertEquals("a+b", cmcd.sessionId());
    assertEquals(4004, cmcd.objectMillis());
  }

  @Test
  void query_ofVersion2_takesWhatGoesWithTheObject() {
    Cmcd cmcd =
        good(
            "ab=(1;v),bl=(21300;v 19800;a),br=(3000;v 128;a),com.example-x=\"y,z\",ltc=3000,"
                + "mtp=(48100),nor=(\"../a%20b/1.m4s\" \"2.m4s\";r=\"0-99\"),ot=v,sid=\"s\",sn=3,"
                + "st=ll,sta=p,sf=e,tb=(6000;v),v=2");
    assertEquals(2, cmcd.version());
    assertEquals(3000, cmcd.encodedKbps());
    assertEquals(6000, cmcd.topKbps());
    assertEquals(21300, cmcd.bufferMillis());
    assertEquals(48100, cmcd.measuredKbps());
    assertEquals(PlayerState.PLAYING, cmcd.playerState());
    assertEquals(StreamType.LOW_LATENCY, cmcd.streamType());
    assertEquals(StreamingFormat.HESP, cmcd.streamingFormat());
    assertEquals(
        List.of(new NextObject("../a%20b/1.m4s", null), new NextObject("2.m4s", "0-99")),
        cmcd.next());
  }

  @ParameterizedTest
  @CsvSource({
    "a, 128, 19800, 900",
    "v, 3000, 21300, 800",
    "av, 3128, 19800, 900",
    "i, 3128, 19800, 900",
    "'', 3128, 19800, 900"
  })
  void amounts_marked_areThoseOfTheObjectOrOfAll(String type, int kbps, int buffer, int measured) {
    String ot = type.isEmpty() ? "" : ",ot=" + type;
    Cmcd cmcd = good("br=(3000;v 128;a),bl=(21300;v 19800;a),mtp=(800;v 900;a)" + ot + ",v=2");
    assertEquals(kbps, cmcd.encodedKbps());
    assertEquals(buffer, cmcd.bufferMillis());
    assertEquals(measured, cmcd.measuredKbps());
  }

  @Test
  void amounts_ofTheOtherTypeAlone_sayNothingOfThis() {
    assertEquals(-1, good("bl=(100;a),ot=v,v=2").bufferMillis());
    assertEquals(300, good("bl=(100;a 300),ot=v,v=2").bufferMillis());
    assertEquals(300, good("bl=( 300  100;a ),v=2").bufferMillis());
    assertEquals(-1, good("bl=(),v=2").bufferMillis());
    assertEquals(Integer.MAX_VALUE, good("br=(2147483647;v 2147483647;a)").encodedKbps());
  }

  @Test
  void aggregate_withoutBitrate_standsForIt() {
    assertEquals(3128, good("ab=(3128),v=2").encodedKbps());
    assertEquals(3000, good("ab=(3128),br=(3000;v),ot=v,v=2").encodedKbps());
  }

  @ParameterizedTest
  @EnumSource(ObjectType.class)
  void objectType_any_isRead(ObjectType type) {
    assertEquals(type, good("ot=" + type.token()).objectType());
  }

  @ParameterizedTest
  @EnumSource(PlayerState.class)
  void playerState_any_isRead(PlayerState state) {
    assertEquals(state, good("sta=" + state.token()).playerState());
  }

  @ParameterizedTest
  @EnumSource(StreamingFormat.class)
  void streamingFormat_any_isRead(StreamingFormat format) {
    assertEquals(format, good("sf=" + format.token()).streamingFormat());
  }

  @ParameterizedTest
  @EnumSource(StreamType.class)
  void streamType_any_isRead(StreamType type) {
    assertEquals(type, good("st=" + type.token()).streamType());
  }

  @Test
  void truth_inEachForm_isRead() {
    assertTrue(good("bs").starved());
    assertTrue(good("bs=?1").starved());
    assertFalse(good("bs=?0").starved());
    assertTrue(good("su;x=1").startup());
    assertFalse(good("su,su=?0").startup());
  }

  @Test
  void number_withFraction_isRounded() {
    assertEquals(4005, good("d=4004.5").objectMillis());
    assertEquals(4004, good("d=4004.499").objectMillis());
    assertEquals(0.5, good("pr=0.5").playbackRate());
    assertEquals(0, good("pr=0").playbackRate());
  }

  /** Each is one bad key; what stands around it is still read. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bl",
        "bl=",
        "bl=x",
        "bl=-1",
        "bl=\"1\"",
        "bl=(1",
        "bl=(x)",
        "bl=(1;v",
        "bl=1x",
        "bl=1 2",
        "bl=2147483648",
        "bl=9999999999999999",
        "bl=?1",
        "bl=1;v=",
        "bl=(1 -2)",
        "bl=1.",
        "br=(1)x",
        "bs=1",
        "bs=true",
        "bs=?2",
        "su=\"\"",
        "cid=x",
        "cid=\"",
        "cid=\"a",
        "cid=\"\\a\"",
        "cid=\"\"",
        "cid=\"\u00e9\"",
        "sid=\"\n\"",
        "sid=1",
        "dl=",
        "mtp",
        "rtp=-5",
        "rtp=.5",
        "ot",
        "ot=x",
        "ot=\"v\"",
        "sf=v",
        "st=h",
        "sta=x",
        "pr=-1",
        "pr=\"1\"",
        "tb=()()",
        "v=0",
        "v=x",
        "nor=x",
        "nor",
        "nor=\"//host/a\"",
        "nor=\"https://host/a\"",
        "nor=(\"a\" b)",
        "nor=(\"a\";r=1)",
        "nor=(\"a\";r=\"1-2,3-4\")",
        "nor=\"a\\b\"",
        "nor=\"a%0Ab\"",
        "nor=\"a%ffb\"",
        "nrr=\"\"",
        "nrr=\"-\"",
        "nrr=\"1-2-3\"",
        "nrr=\"bytes=1-2\"",
        "nrr=1",
        "=1",
        "!",
        "\u0000"
      })
  void key_broken_isDroppedAndCounted(String broken) {
    Cmcd cmcd = told("d=4004," + broken);
    assertEquals(4004, cmcd.objectMillis());
    assertEquals(told("d=4004").playback(), cmcd.playback());
    assertEquals(1, cmcd.malformed(), broken);
    assertEquals(List.of(), cmcd.next());
  }

  @Test
  void key_brokenInFront_leavesTheRest() {
    for (String broken : List.of("bl=x", "br=(1;v x)", "cid=\"a,b\"x", "ot=\"v\"", "=,", "sid=1")) {
      Cmcd cmcd = told(broken + ",d=4004,su");
      assertEquals(4004, cmcd.objectMillis(), broken);
      assertTrue(cmcd.startup(), broken);
      assertEquals(1, cmcd.malformed(), broken);
    }
  }

  @Test
  void key_unknown_isIgnoredWhateverItsValue() {
    Cmcd cmcd =
        good("BR=7,com.a-b=\"x,br=1\",ec=(\"a\" \"b,br=2\"),dfa=:YQ==:,x=@1,bsd=(5;v),br=3");
    assertEquals(3, cmcd.encodedKbps());
  }

  @Test
  void key_twice_countsAsItCameLast() {
    assertEquals(2, good("d=1,d=2").objectMillis());
    Cmcd broken = told("d=1,d=x");
    assertEquals(1, broken.objectMillis());
    assertEquals(1, broken.malformed());
  }

  @Test
  void ids_atTheLimit_areKeptAndBeyondDropped() {
    String most = "s".repeat(64);
    assertEquals(most, good("sid=\"" + most + "\"").sessionId());
    assertEquals(most, good("cid=\"" + most + "\"").contentId());
    Cmcd longer = told("sid=\"" + most + "x\",cid=\"" + most + "x\"");
    assertNull(longer.sessionId());
    assertNull(longer.contentId());
    assertEquals(2, longer.malformed());
    assertEquals(most + most, good("cid=\"" + most + most + "\",v=2").contentId());
    assertNull(told("cid=\"" + most + most + "x\",v=2").contentId());
  }

  @Test
  void input_tooLong_isNotReadAtAll() {
    CmcdParser parser = new CmcdParser(new CmcdLimits(12, 64, 4));
    assertEquals(3200, parser.ofQuery("CMCD=br=3200,d=10").encodedKbps());
    Cmcd over = parser.ofQuery("CMCD=br=3200,d=100");
    assertEquals(-1, over.encodedKbps());
    assertEquals(1, over.malformed());
    assertEquals(Cmcd.Source.QUERY, over.source());
    assertNull(over.playback());
    Cmcd fields = parser.parse("CMCD=br=1", "br=3200", "d=1000", null, null);
    assertEquals(1, fields.malformed());
    assertEquals(-1, fields.encodedKbps());
  }

  @Test
  void keys_tooMany_endTheReading() {
    CmcdParser parser = new CmcdParser(new CmcdLimits(4096, 3, 4));
    Cmcd cmcd = parser.parse(null, "a=1,d=2", "b=3,br=4", null, "st=v");
    assertEquals(2, cmcd.objectMillis());
    assertEquals(-1, cmcd.encodedKbps());
    assertNull(cmcd.streamType());
    assertEquals(1, cmcd.malformed());
  }

  @Test
  void next_tooMany_areLeftOut() {
    CmcdParser parser = new CmcdParser(new CmcdLimits(4096, 64, 2));
    Cmcd cmcd = parser.ofQuery(query("nor=(\"a\" \"b\" \"c\"),v=2"));
    assertEquals(List.of(new NextObject("a", null), new NextObject("b", null)), cmcd.next());
  }

  @Test
  void nextRange_alone_isOfTheSameObject() {
    assertEquals(List.of(new NextObject("", "100-")), good("nrr=\"100-\"").next());
    assertEquals(List.of(new NextObject("", "-5")), good("nrr=\"-5\"").next());
    assertEquals("./a:b", good("nor=\".%2Fa%3Ab\"").next().getFirst().path());
  }

  @Test
  void decoded_badEscapes_stay() {
    assertEquals("%", CmcdParser.decoded("%"));
    assertEquals("%2", CmcdParser.decoded("%2"));
    assertEquals("%zz", CmcdParser.decoded("%zz"));
    assertEquals("%2", CmcdParser.decoded("%252"));
    assertEquals("a,b\u00e9", CmcdParser.decoded("a%2Cb%c3%A9"));
    assertEquals("\ufffd", CmcdParser.decoded("%ff"));
  }
}
