package oca.steering.rank;

import oca.model.RendezvousScore;

/**
 * Shares keys out among equal servers in proportion to their headroom, see {@link RendezvousScore}.
 */
final class Rendezvous {
  /** Headroom counts in so many steps, so that the noise of each heartbeat moves no key. */
  static final int STEPS = 10;

  private Rendezvous() {}

  /**
   * The score of a server for a key; the highest wins.
   *
   * @param key from {@link #hash}
   * @param server from {@link #hash}
   * @param headroom 0 to 1
   */
  static double score(long key, long server, double headroom) {
    return RendezvousScore.of(key, server, weight(headroom));
  }

  /** Headroom in whole steps, rounded up: 1 for nearly full to {@link #STEPS} for idle. */
  static int weight(double headroom) {
    return Math.clamp((long) Math.ceil(headroom * STEPS), 1, STEPS);
  }

  /** What {@link #score} wants of a key or a server's name. */
  static long hash(String text) {
    return RendezvousScore.hash(text);
  }
}
