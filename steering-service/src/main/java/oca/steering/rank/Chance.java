package oca.steering.rank;

/**
 * Many independent chances out of one draw: the same draw and purpose give the same chance, so that
 * a decision can be made again.
 */
final class Chance {
  /** Purposes that the numbers of members, below 2^16, and of picks cannot be confused with. */
  static final long WARMTH = 1L << 32;

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private Chance() {}

  /** Evenly from 0 to below 1: SplitMix64 (Steele, Lea and Flood, 2014), at a step of its own. */
  static double of(long draw, long purpose) {
    long z = draw + (purpose + 1) * GOLDEN_GAMMA;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53;
  }
}
