package oca.steering;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Random numbers for whoever asks, on any thread: the sequence of SplitMix64 (Steele, Lea and
 * Flood, 2014), which {@link java.util.SplittableRandom} gives to one thread only. Not for secrets.
 */
final class Draws implements LongSupplier {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final AtomicLong state;

  /** The sequence that follows from that seed. */
  Draws(long seed) {
    state = new AtomicLong(seed);
  }

  @Override
  public long getAsLong() {
    long z = state.addAndGet(GOLDEN_GAMMA);
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
