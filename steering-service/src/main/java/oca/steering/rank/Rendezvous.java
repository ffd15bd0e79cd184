package oca.steering.rank;

import oca.model.RendezvousScore;

/**
 * Shares keys out among equal servers in proportion to their shares, see {@link RendezvousScore}.
 */
final class Rendezvous {
  /** A share counts in so many steps, so that its noise moves no key. */
  static final int STEPS = 10;

  private Rendezvous() {}

  /**
   * The score of a server for a key; the highest wins. Proportional to the weight, so that a score
   * times a capacity is the score of a server of that capacity.
   *
   * @param key from {@link #hash}
   * @param server from {@link #hash}
   * @param share 0 to 1
   */
  static double score(long key, long server, double share) {
    return RendezvousScore.of(key, server, weight(share));
  }

  /** A share in whole steps, rounded up: 1 for hardly any to {@link #STEPS} for the whole. */
  static int weight(double share) {
    return Math.clamp((long) Math.ceil(share * STEPS), 1, STEPS);
  }

  /** What {@link #score} wants of a key or a server's name. */
  static long hash(String text) {
    return RendezvousScore.hash(text);
  }
}
