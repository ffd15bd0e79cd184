package oca.server.purge;

/**
 * Hashes of texts that grow by a character at a time, so that one walk along a path gives those of
 * all its beginnings. Which texts meet in a table is up to the operator, who purges them; no
 * request adds any.
 */
final class Hashes {
  /** That of the empty text. */
  static final long EMPTY = 0xcbf29ce484222325L;

  private static final long FACTOR = 0x9e3779b97f4a7c15L;
  private static final long SPREAD = 0xff51afd7ed558ccdL;

  private Hashes() {}

  static long of(String text) {
    long hash = EMPTY;
    for (int i = 0; i < text.length(); i++) {
      hash = grow(hash, text.charAt(i));
    }
    return hash;
  }

  static long grow(long hash, char next) {
    return (hash ^ next) * FACTOR;
  }

  /** Every bit of the hash in the low ones, where a table looks. */
  static long spread(long hash) {
    long half = (hash ^ (hash >>> 32)) * SPREAD;
    return half ^ (half >>> 29);
  }
}
