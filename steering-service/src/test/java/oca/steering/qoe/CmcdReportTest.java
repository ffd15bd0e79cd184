package oca.steering.qoe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CmcdReportTest {
  private static final String HOST = ",h=\"north.example\"";

  @Test
  void read_response_isGoodOrBadByItsStatus() {
    String good =
        "br=(3200;v 128;a),bl=(2100),cid=\"harbour\",e=rr,mtp=(48100),rc=206,sf=h,"
            + "sid=\"6e2fb550-c457-11e9-bb97-0800200c9a66\",sn=4,st=v,sta=p,ts=1790000000000,ttfb=12,"
            + "ttlb=80,url=\"http://North.example:8440/~1.k.t.f.0.m/titles/h/v0.mp4\",v=2";
    assertEquals(Optional.of(new CmcdReport("north.example", "", false)), CmcdReport.read(good));
    assertTrue(CmcdReport.read(good.replace("rc=206", "rc=503")).orElseThrow().isBad());
    assertTrue(CmcdReport.read(good.replace("rc=206", "rc=0")).orElseThrow().isBad());
    assertEquals(false, CmcdReport.read(good.replace("rc=206", "rc=404")).orElseThrow().isBad());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bs", "sta=r", "sta=f", "e=e", "ec=(\"42\")", "bs=?1"})
  void read_trouble_isBad(String trouble) {
    assertTrue(CmcdReport.read(trouble + HOST).orElseThrow().isBad());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bs=?0", "sta=p", "e=ps,sta=k", "su", "bl=(0)", "nor=(\"a,b\" \"c)\")"})
  void read_noTrouble_isGood(String fine) {
    assertEquals(false, CmcdReport.read(fine + HOST).orElseThrow().isBad());
  }

  @Test
  void read_cdn_isAPathway() {
    assertEquals(
        Optional.of(new CmcdReport("", "north-1.2", true)),
        CmcdReport.read("cdn=\"north-1.2\",sta=r"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bs",
        "h=\"a",
        "h=\"a\",br=(1",
        "h=\"a\",)",
        "h=\"a\",=1",
        "h=\"a\",,",
        "h=\"../etc\"",
        "url=\"not a uri\"",
        "h=\"a\",br=((1))"
      })
  void read_malformedOrNamingNobody_isNone(String line) {
    assertEquals(Optional.empty(), CmcdReport.read(line));
  }

  @Test
  void read_tooMuch_isNone() {
    assertEquals(Optional.empty(), CmcdReport.read("x=\"" + "y".repeat(5000) + "\"" + HOST));
    StringBuilder keys = new StringBuilder("h=\"a\"");
    for (int i = 0; i < 100; i++) {
      keys.append(",k").append(i).append("=1");
    }
    assertEquals(Optional.empty(), CmcdReport.read(keys.toString()));
  }

  @Property
  void read_anyText_neverFails(@ForAll String line) {
    CmcdReport.read(line).ifPresent(report -> assertTrue(report.host().length() <= 253));
  }

  @Property
  void read_anyCmcdAlphabet_neverFails(
      @ForAll @CharRange(from = ' ', to = '>') @StringLength(max = 60) String line) {
    CmcdReport.read("h=\"a\"," + line).ifPresent(report -> assertEquals("a", report.host()));
  }
}
