package oca.model;

/**
 * Weighted rendezvous hashing: each node gets a score for a key, the best scores take it. Keys are
 * shared out in proportion to the weights, and a node that comes, goes or changes weight moves only
 * the keys that it gains or loses.
 *
 * <p>Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998; the weighting
 * by {@code -weight / ln(u)} is Schindelhauer and Schomaker's logarithmic method, 2005. Placement
 * and steering score alike, so that what one put somewhere the other looks for there.
 */
public final class RendezvousScore {
  private RendezvousScore() {}

  /**
   * The score of a node for a key; the highest wins.
   *
   * @param key from {@link #hash}
   * @param node from {@link #hash}
   * @param weight 0 or more; 0 scores 0
   */
  public static double of(long key, long node, double weight) {
    double uniform = ((mix(key ^ mix(node)) >>> 11) + 0.5) * 0x1p-53;
    return -weight / Math.log(uniform);
  }

  /** 64 bits that depend on every character: FNV-1a over UTF-16 units, then mixed. */
  public static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): each input bit moves all others. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
