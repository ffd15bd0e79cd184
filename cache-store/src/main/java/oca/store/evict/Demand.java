package oca.store.evict;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is most in demand: the default.
 *
 * <p>The share of bytes that hit is the sum over held files of how often each is asked for times
 * its size, and a file takes room by its size; so the worth of room is a file's rate of requests
 * alone, whatever its size. (Greedy-Dual-Size-Frequency divides by size and wins objects, not
 * bytes.) The rate is estimated by the file's requests, each weighed by 2^-(age / half-life): LRFU
 * (Lee and others, "LRFU: A Spectrum of Policies", IEEE ToC 2001), which is LRU at one end of the
 * scale of half-lives and LFU at the other. What was tried beyond that (a table learned of age, two
 * rates and count, as LHD and LRB would have it) was not better on what a file's own history tells.
 *
 * <p>Each part is borrowed:
 *
 * <ul>
 *   <li>Decay is forward: instead of shrinking old sums, new requests weigh more, 2^clock. A hit is
 *       then one addition, and sums compare as they stand. All are scaled back when the clock
 *       reaches {@link #HIGH_NOON}.
 *   <li>The clock goes by bytes missed, counted in capacities: the room's own turnover, which needs
 *       no watch and makes a half-life mean the same for every size and every traffic.
 *   <li>Sums only rise, so a {@link Ranking} finds the least of all without a hit moving anything;
 *       a random sample (Hyperbolic caching, Blankstein, Sen and Freedman, ATC 2017) was tried
 *       first and lost one to three points.
 *   <li>Files that are not held have their demand in a {@link DemandSketch}: a newcomer comes in
 *       when it is worth more than what it displaces, and a file that returns has its past
 *       (TinyLFU, TOS 2017).
 *   <li>The half-life is found by a {@link Tuner}, which plays several on a sample of the ids.
 * </ul>
 *
 * <p>Memory for each file held, with compact headers and references: 32 bytes of place (8 header,
 * and 4 each for file, policy, bytes, index, worth seen and worth), 4 to 6 in the heap, and 4 to 8
 * in the sketch.
 */
final class Demand<T> implements EvictionPolicy<T> {
  /** Half-life that makes it a least recently used policy, in turnovers. */
  static final double AS_LRU = 1 / 16.0;

  static final double FIRST_HALF_LIFE = 16;
  // The clock, in octaves, at which sums are scaled back; a float reaches 127, and a sum is let
  // grow to 2^24 requests beyond, where adding one changes nothing any more.
  private static final double HIGH_NOON = 96;

  private final ToLongFunction<? super T> ids;
  private final @Nullable Tuner tuner;
  private final DemandSketch sketch;
  private final Ranking<T> files = new Ranking<>();
  private long capacity;
  private double halfLife;

  // Written by any thread, without a barrier: bytes that are lost to a race make the clock late.
  private long missedBytes;
  private long missedSeen;
  private double clock;
  private float gain = 1;

  private static class Held<T> extends Ranking.Ranked<T> {
    private final Demand<T> policy;
    private float sum;

    Held(Demand<T> policy, T file, long bytes, float sum) {
      super(file, bytes);
      this.policy = policy;
      this.sum = sum;
    }

    // A hit that races with the scaling back may undo it for this one file, which then stays
    // until the next scaling: one file too many is kept, for want of a lock here.
    @Override
    public void hit() {
      sum += policy.gain;
    }

    // The bits of floats that are not negative are in the floats' order.
    @Override
    final int worth() {
      return Float.floatToRawIntBits(sum);
    }
  }

  /** A place whose hits the tuner wants to know of. */
  private static final class Told<T> extends Held<T> {
    private final Tuner tuner;
    private final long request;

    Told(Demand<T> policy, T file, long bytes, float sum, Tuner tuner, long request) {
      super(policy, file, bytes, sum);
      this.tuner = tuner;
      this.request = request;
    }

    @Override
    public void hit() {
      super.hit();
      tuner.tell(request);
    }
  }

  /** With a fixed half-life, in turnovers. */
  Demand(long capacity, ToLongFunction<? super T> ids, long seed, double halfLife) {
    this(capacity, ids, seed, halfLife, null);
  }

  /** With a half-life that follows the traffic. */
  Demand(long capacity, ToLongFunction<? super T> ids, long seed) {
    this(capacity, ids, seed, FIRST_HALF_LIFE, new Tuner(capacity, seed));
  }

  private Demand(
      long capacity,
      ToLongFunction<? super T> ids,
      long seed,
      double halfLife,
      @Nullable Tuner tuner) {
    this.capacity = capacity;
    this.ids = ids;
    this.halfLife = halfLife;
    this.tuner = tuner;
    sketch = new DemandSketch(seed);
  }

  /** For a miniature whose sample has changed. */
  void capacity(long bytes) {
    capacity = bytes;
  }

  @Override
  public void missed(long id, long bytes) {
    missedBytes += bytes;
    sketch.add(id, clock);
    if (tuner != null) {
      tuner.missed(id, bytes);
    }
  }

  @Override
  public boolean admits(long id, long bytes) {
    advance();
    if (bytes > capacity) {
      return false;
    }
    if (files.bytes() + bytes <= capacity) {
      return true;
    }
    Ranking.@Nullable Ranked<T> least = files.least();
    return least == null || Math.max(1, sketch.estimate(id, clock)) * gain > sum(least);
  }

  @Override
  public Place inserted(T file, long bytes) {
    long id = ids.applyAsLong(file);
    double known = sketch.estimate(id, clock);
    if (known == 0) {
      // Placed here before anybody asked: worth one request.
      missedBytes += bytes;
    }
    advance();
    float sum = (float) Math.max(1, known) * gain;
    Held<T> place =
        tuner != null && tuner.follows(id)
            ? new Told<>(this, file, bytes, sum, tuner, tuner.request(id, bytes))
            : new Held<>(this, file, bytes, sum);
    files.add(place);
    sketch.widen(files.size());
    if (tuner != null) {
      tuner.holding(files.size());
    }
    return place;
  }

  @Override
  public void removed(Place place) {
    Ranking.Ranked<T> gone = files.remove(place);
    sketch.raise(ids.applyAsLong(gone.file), sum(gone) / gain, clock);
  }

  @Override
  public List<T> victims(long bytes, Predicate<? super T> mayGo) {
    advance();
    return files.victims(bytes, mayGo);
  }

  private static float sum(Ranking.Ranked<?> place) {
    return Float.intBitsToFloat(place.worth());
  }

  /** Lets the clock catch up with what was missed, and asks the tuner how fast it should go. */
  private void advance() {
    if (tuner != null) {
      halfLife = tuner.halfLife();
    }
    long missed = missedBytes;
    clock += (missed - missedSeen) / (halfLife * capacity);
    missedSeen = missed;
    sketch.follow(clock);
    if (clock > HIGH_NOON) {
      clock -= HIGH_NOON;
      sketch.turnBack(HIGH_NOON);
      files.change(place -> ((Held<T>) place).sum *= Math.scalb(1f, (int) -HIGH_NOON));
    }
    gain = (float) Math.pow(2, clock);
  }
}
