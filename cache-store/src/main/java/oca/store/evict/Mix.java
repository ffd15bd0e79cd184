package oca.store.evict;

/** Spreads an id over 64 bits (the finalizer of SplitMix64, Steele, Lea and Flood 2014). */
final class Mix {
  private Mix() {}

  static long of(long id) {
    long z = id + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
