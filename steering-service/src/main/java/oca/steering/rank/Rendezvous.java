package oca.steering.rank;

/**
 * Weighted rendezvous hashing: each of some equal servers gets a score for a key, the best score
 * serves it. Keys are shared out in proportion to the weights, and a server that comes, goes or
 * changes weight moves only the keys that it gains or loses.
 *
 * <p>Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998; the weighting
 * by {@code -weight / ln(u)} is Schindelhauer and Schomaker's logarithmic method, 2005.
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
    double uniform = ((mix(key ^ mix(server)) >>> 11) + 0.5) * 0x1p-53;
    return weight(headroom) / -Math.log(uniform);
  }

  /** Headroom in whole steps, rounded up: 1 for nearly full to {@link #STEPS} for idle. */
  static int weight(double headroom) {
    return Math.clamp((long) Math.ceil(headroom * STEPS), 1, STEPS);
  }

  /** 64 bits that depend on every character: FNV-1a over UTF-16 units, then {@link #mix}. */
  static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): each input bit moves all others. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
