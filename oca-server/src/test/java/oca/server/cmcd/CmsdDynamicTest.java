package oca.server.cmcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What an answer tells of the server, letter by letter. */
class CmsdDynamicTest {
  private static final long GBIT = 1_000_000_000L;
  private static final CmsdPolicy POLICY = CmsdPolicy.DEFAULTS;

  private static String of(double load, int sessions) {
    return CmsdDynamic.of("north-1", new ServerLoad(load, 8 * GBIT, 2 * GBIT, sessions), POLICY);
  }

  @Test
  void load_low_saysNoMoreThanWho() {
    assertEquals("\"north-1\"", of(0.5, 1000));
    assertEquals("\"north-1\"", of(0.799, 100_000));
    assertEquals("\"north-1\"", of(Double.NaN, 1000));
  }

  @Test
  void load_high_suggestsAFairShare() {
    assertEquals("\"north-1\";mb=9000", of(0.8, 1000));
    assertEquals("\"north-1\";mb=8900", of(0.8, 1001));
    assertEquals("\"north-1\";mb=500", of(0.8, 1_000_000));
    assertEquals("\"north-1\"", of(0.8, 100));
    assertEquals("\"north-1\"", of(0.8, 0));
  }

  @Test
  void load_nearFull_isDuress() {
    assertEquals("\"north-1\";mb=9000;du", of(0.95, 1000));
    assertEquals("\"north-1\";du", of(7, 0));
  }

  @Test
  void policy_off_saysNothing() {
    CmsdPolicy off = new CmsdPolicy(false, 0.9, 0.8, 0.9, 500, 50_000);
    assertNull(CmsdDynamic.of("a", new ServerLoad(1, 0, 0, 1), off));
  }

  @Test
  void connection_knownInPart_addsWhatIsKnown() {
    assertEquals("\"a\";etp=115;rtt=16;rd=0", CmsdDynamic.onConnection("\"a\"", 115, 16, 0));
    assertEquals("\"a\";du;rtt=0", CmsdDynamic.onConnection("\"a\";du", -1, 0, -1));
    assertEquals("\"a\"", CmsdDynamic.onConnection("\"a\"", -1, -1, -1));
    assertEquals(
        "\"a\";etp=999999999999999", CmsdDynamic.onConnection("\"a\"", Long.MAX_VALUE, -1, -1));
  }

  @Test
  void id_withQuotes_isEscapedAndWithOtherScriptsRefused() {
    ServerLoad idle = new ServerLoad(0, 0, 0, 0);
    assertEquals("\"a\\\"b\\\\c\"", CmsdDynamic.of("a\"b\\c", idle, POLICY));
    assertThrows(IllegalArgumentException.class, () -> CmsdDynamic.of("n\u00f6rd", idle, POLICY));
    assertThrows(IllegalArgumentException.class, () -> CmsdDynamic.of("a\r\nb", idle, POLICY));
  }

  @Test
  void policyAndLoad_outOfRange_areRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new CmsdPolicy(true, 0, 0.8, 0.9, 500, 50_000));
    assertThrows(
        IllegalArgumentException.class, () -> new CmsdPolicy(true, 0.9, 1.1, 0.9, 500, 50_000));
    assertThrows(
        IllegalArgumentException.class, () -> new CmsdPolicy(true, 0.9, 0.8, 0.9, 500, 499));
    assertThrows(IllegalArgumentException.class, () -> new ServerLoad(0, -1, 0, 0));
  }

  @Property(tries = 500)
  void suggestion_anyLoad_fitsTheLineAndThePolicy(
      @ForAll @IntRange(max = 100) int load,
      @ForAll @LongRange(min = 0) long sending,
      @ForAll @LongRange(min = 0) long headroom,
      @ForAll @IntRange(min = 0) int sessions) {
    ServerLoad of = new ServerLoad(load / 100.0, sending, headroom, sessions);
    int kbps = CmsdDynamic.suggestedKbps(of, POLICY);
    assertTrue(kbps == 0 || (kbps >= POLICY.minKbps() && kbps <= POLICY.maxKbps()), "kbps " + kbps);
    if (kbps > POLICY.minKbps()) {
      double line = (double) sending + headroom;
      assertTrue(1000.0 * kbps * sessions <= line * POLICY.share() * 1.000001);
    }
  }
}
