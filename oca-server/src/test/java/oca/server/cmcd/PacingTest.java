package oca.server.cmcd;

import static oca.server.cmcd.Pacing.UNLIMITED;
import static oca.server.cmcd.Pacing.bytesPerSecond;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import oca.server.cmcd.PacingConfig.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rate an answer gets for what its player told. */
class PacingTest {
  private static final CmcdParser PARSER = new CmcdParser(CmcdLimits.DEFAULTS);
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final PacingConfig BY_CMCD =
      new PacingConfig(Mode.BY_CMCD, 0, 1000, 50_000, 1.5, TEN_SECONDS);

  private static Cmcd told(String members) {
    return PARSER.parse(null, members, null, null, null);
  }

  /** Rates in bytes per second; 0 stands for no limit. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rtp=8000                 | 1000000",
        "rtp=8000,br=3000,bl=20000 | 1000000",
        "rtp=2000,br=3000         | 375000",
        "rtp=2000,br=3000,pr=2    | 750000",
        "br=4000                  | 750000",
        "br=4000,pr=2             | 1500000",
        "br=4000,pr=0             | 750000",
        "br=4000,pr=0.5           | 750000",
        "br=100                   | 125000",
        "br=2147483647,pr=99      | 6250000",
        "rtp=0,br=0               | 0",
        "su,rtp=8000              | 0",
        "bs,rtp=8000              | 0",
        "bl=9900,rtp=8000         | 0",
        "bl=10000,rtp=8000        | 1000000",
        "sta=s,rtp=8000           | 0",
        "sta=k,rtp=8000           | 0",
        "sta=r,rtp=8000           | 0",
        "sta=p,rtp=8000           | 1000000",
        "sta=a,rtp=8000           | 1000000",
        "mtp=5000                 | 0"
      })
  void byCmcd_player_getsWhatItNeeds(String members, long rate) {
    assertEquals(rate == 0 ? UNLIMITED : rate, bytesPerSecond(told(members), BY_CMCD));
  }

  @Test
  void byCmcd_nothingTold_getsTheDefault() {
    PacingConfig config = new PacingConfig(Mode.BY_CMCD, 16_000, 1000, 0, 1.5, TEN_SECONDS);
    assertEquals(2_000_000, bytesPerSecond(Cmcd.NONE, config));
    assertEquals(UNLIMITED, bytesPerSecond(Cmcd.NONE, BY_CMCD));
    assertEquals(UNLIMITED, bytesPerSecond(told("su"), config));
  }

  @Test
  void fixed_anybody_getsTheSameUnlessUrgent() {
    PacingConfig config = new PacingConfig(Mode.FIXED, 16_000, 0, 0, 1, Duration.ZERO);
    assertEquals(2_000_000, bytesPerSecond(Cmcd.NONE, config));
    assertEquals(2_000_000, bytesPerSecond(told("rtp=80000,bl=0"), config));
    assertEquals(UNLIMITED, bytesPerSecond(told("bs"), config));
  }

  @Test
  void off_anything_isUnlimited() {
    assertEquals(UNLIMITED, bytesPerSecond(told("rtp=8000"), PacingConfig.OFF));
  }

  @Test
  void socketOption_largeOrSmall_fitsFourBytes() {
    assertEquals(~0, Pacing.socketOption(UNLIMITED));
    assertEquals(~0, Pacing.socketOption(0xffff_ffffL));
    assertEquals(0xffff_fffe, Pacing.socketOption(0xffff_fffeL));
    assertEquals(1_000_000, Pacing.socketOption(1_000_000));
    assertEquals(1, Pacing.socketOption(0));
  }

  @Test
  void config_outOfRange_isRefusedByName() {
    refused("defaultKbps", () -> new PacingConfig(Mode.FIXED, 0, 0, 0, 1, TEN_SECONDS));
    refused("floorKbps", () -> new PacingConfig(Mode.OFF, 0, -1, 0, 1, TEN_SECONDS));
    refused("capKbps", () -> new PacingConfig(Mode.OFF, 0, 100, 50, 1, TEN_SECONDS));
    refused("headroom", () -> new PacingConfig(Mode.OFF, 0, 0, 0, 0.9, TEN_SECONDS));
    refused("headroom", () -> new PacingConfig(Mode.OFF, 0, 0, 0, Double.NaN, TEN_SECONDS));
    refused("startupBuffer", () -> new PacingConfig(Mode.OFF, 0, 0, 0, 1, Duration.ofDays(2)));
    refused("maxChars", () -> new CmcdLimits(-1, 1, 1));
    refused("maxKeys", () -> new CmcdLimits(1, 10_000, 1));
  }

  private static void refused(String name, Runnable made) {
    String message = assertThrows(IllegalArgumentException.class, made::run).getMessage();
    assertTrue(message.contains(name), message);
  }
}
