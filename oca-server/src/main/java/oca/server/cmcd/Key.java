package oca.server.cmcd;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The keys that are read; whatever else a player sends is stepped over. */
enum Key implements Token {
  /** Bitrate of a playable combination, kbit/s; sent when {@code br} is not known (version 2). */
  AB,
  /** Media in the buffer, ms. */
  BL,
  /** Encoded bitrate of the object, kbit/s. */
  BR,
  /** The buffer ran dry since the last request. */
  BS,
  CID,
  /** Duration of the object, ms. */
  D,
  /** When the object is needed, ms from the request. */
  DL,
  /** Throughput that the player measured, kbit/s. */
  MTP,
  /** What it will ask for next. */
  NOR,
  /** Which range of that (version 1). */
  NRR,
  OT,
  /** Playback rate, 1 for normal. */
  PR,
  /** Throughput that is enough for the player, kbit/s. */
  RTP,
  SF,
  SID,
  ST,
  STA,
  SU,
  /** Highest bitrate on offer, kbit/s. */
  TB,
  V;

  private static final Key[] ALL = values();

  private final String token = name().toLowerCase(Locale.ROOT);

  @Override
  public String token() {
    return token;
  }

  static @Nullable Key find(String text, int from, int to) {
    return Token.find(ALL, text, from, to);
  }
}
