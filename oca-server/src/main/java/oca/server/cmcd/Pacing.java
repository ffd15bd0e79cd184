package oca.server.cmcd;

/**
 * The rate at which an answer may leave, in bytes of the connection per second, as the socket
 * option SO_MAX_PACING_RATE counts (socket(7), tcp(7)).
 *
 * <p>A player that has enough media gains nothing from a faster answer, but the queues on its
 * access line do fill. CTA-5004 lets it say what is enough ({@code rtp}: the most that is of use
 * for this object); where it does not, the media's own bitrate times a headroom is taken. A player
 * that starts, seeks, starves, or holds little media is not slowed down.
 *
 * <p>The option belongs to the connection and not to the answer: whoever sends sets it before each
 * answer, and back to {@link #UNLIMITED}, and where several answers share a connection (HTTP/2)
 * either adds their rates up or sets none.
 */
public final class Pacing {
  /** As fast as the line allows. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** kbit/s to bytes per second. */
  private static final long BYTES_PER_KBIT = 125;

  private Pacing() {}

  /** The rate of one answer in bytes per second, above zero; or {@link #UNLIMITED}. */
  public static long bytesPerSecond(Cmcd cmcd, PacingConfig config) {
    long kbps =
        switch (config.mode()) {
          case OFF -> 0;
          case BY_CMCD -> told(cmcd, config);
          case FIXED -> config.defaultKbps();
        };
    if (kbps <= 0 || isUrgent(cmcd, config)) {
      return UNLIMITED;
    }
    long most = config.capKbps() == 0 ? PacingConfig.MAX_KBPS : config.capKbps();
    return Math.max(1, Math.clamp(kbps, config.floorKbps(), most)) * BYTES_PER_KBIT;
  }

  /**
   * The value of SO_MAX_PACING_RATE: an unsigned number in four bytes, of which the largest means
   * no limit. Rates that do not fit, from 34 Gbit/s on, are none.
   */
  public static int socketOption(long bytesPerSecond) {
    return bytesPerSecond >= 0xffff_ffffL ? ~0 : (int) Math.max(1, bytesPerSecond);
  }

  /** What the player needs in kbit/s, or the default when it does not say. */
  private static long told(Cmcd cmcd, PacingConfig config) {
    // Slower than the media plays is of use to nobody, whatever else the player says.
    double playing = Math.max(0, cmcd.encodedKbps()) * Math.clamp(cmcd.playbackRate(), 1, 16);
    if (cmcd.requestedKbps() > 0) {
      return Math.max(cmcd.requestedKbps(), (long) Math.ceil(playing));
    }
    return playing > 0 ? (long) Math.ceil(playing * config.headroom()) : config.defaultKbps();
  }

  private static boolean isUrgent(Cmcd cmcd, PacingConfig config) {
    if (cmcd.startup() || cmcd.starved()) {
      return true;
    }
    boolean isShort =
        cmcd.bufferMillis() >= 0 && cmcd.bufferMillis() < config.startupBuffer().toMillis();
    return isShort
        || switch (cmcd.playerState()) {
          case STARTING, SEEKING, REBUFFERING -> true;
          case PLAYING, PAUSED, WAITING, ENDED, FAILED, QUIT, PRELOADING -> false;
          case null -> false;
        };
  }
}
