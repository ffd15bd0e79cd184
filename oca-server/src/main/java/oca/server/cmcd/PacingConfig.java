package oca.server.cmcd;

import java.time.Duration;
import oca.config.Default;

/**
 * How fast one answer may leave. Rates are of the network, in kbit/s (1,000 bits a second).
 *
 * @param mode whether rates are limited, and by whose word
 * @param defaultKbps the rate in mode {@code fixed}, and in mode {@code by-cmcd} of requests that
 *     tell neither what is enough nor a bitrate; 0 for as fast as the line
 * @param floorKbps no answer is made slower than this
 * @param capKbps nor an answer whose rate is limited faster than this; 0 for no such bound
 * @param headroom by how much an answer may be faster than its media plays, when the player does
 *     not say what is enough; 1 or more
 * @param startupBuffer a player with less media than this is let run; 0s to look only at what it
 *     says of starting and starving
 */
public record PacingConfig(
    @Default("off") Mode mode,
    @Default("0") long defaultKbps,
    @Default("1000") long floorKbps,
    @Default("0") long capKbps,
    @Default("2.0") double headroom,
    @Default("10s") Duration startupBuffer) {

  /** The largest rate that can be set, kbit/s: a terabit per second. */
  public static final long MAX_KBPS = 1_000_000_000;

  /** By whose word rates are limited. */
  public enum Mode {
    /** Not at all. */
    OFF,
    /** By what the player tells. */
    BY_CMCD,
    /** All by the same rate, but for players that start or starve. */
    FIXED
  }

  /** Nothing is limited. */
  public static final PacingConfig OFF =
      new PacingConfig(Mode.OFF, 0, 1000, 0, 2.0, Duration.ofSeconds(10));

  public PacingConfig {
    within("defaultKbps", defaultKbps);
    within("floorKbps", floorKbps);
    within("capKbps", capKbps);
    if (capKbps > 0 && capKbps < floorKbps) {
      throw new IllegalArgumentException(
          "capKbps must be 0 or at least floorKbps, " + floorKbps + ", not " + capKbps);
    }
    if (mode == Mode.FIXED && defaultKbps == 0) {
      throw new IllegalArgumentException("mode fixed needs a defaultKbps above zero");
    }
    if (!(headroom >= 1 && headroom <= 100)) {
      throw new IllegalArgumentException("headroom must be 1 to 100, not " + headroom);
    }
    if (startupBuffer.isNegative() || startupBuffer.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "startupBuffer must be 0s to 1d, not " + startupBuffer.toSeconds() + "s");
    }
  }

  private static void within(String name, long value) {
    if (value < 0 || value > MAX_KBPS) {
      throw new IllegalArgumentException(name + " must be 0 to " + MAX_KBPS + ", not " + value);
    }
  }
}
