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
 * bytes.) What is known of a file is two numbers: its requests, each weighed by 2^-(age /
 * half-life) with a long half-life, and when the last one was. Its worth, in octaves, is
 *
 * <pre>log2(requests) - recency * (time since the last)</pre>
 *
 * <p>which is LFU with a slow decay at a recency of 0 and LRU at a large one: the two ends that
 * LRFU (Lee and others, "LRFU: A Spectrum of Policies", IEEE ToC 2001) has, too. LRFU goes from one
 * to the other by its half-life, and what a short half-life forgot is gone; here one number says
 * what the numbers kept mean, and trying another costs no history. On films and series the two are
 * equal within a point. What was tried beyond that (a table learned of age, two rates and count, as
 * LHD and LRB would have it) was not better on what a file's own history tells.
 *
 * <p>Each part is borrowed:
 *
 * <ul>
 *   <li>Decay is forward: instead of shrinking old sums, new requests weigh more, 2^clock. A hit is
 *       then an addition and a store, and the order of two files changes with hits alone: the time
 *       since the last hit may be counted from any beginning. All are scaled back when the clock
 *       reaches {@link #HIGH_NOON}.
 *   <li>The clock goes by bytes missed, counted in capacities: the room's own turnover, which needs
 *       no watch and makes a half-life mean the same for every size and every traffic.
 *   <li>Worths only rise, so a {@link Ranking} finds the least of all without a hit moving
 *       anything; a random sample (Hyperbolic caching, Blankstein, Sen and Freedman, ATC 2017) was
 *       tried first and lost one to three points.
 *   <li>Files that are not held have their demand in a {@link DemandHistory}: a newcomer comes in
 *       when it is worth more than what it displaces, and a file that returns has its past
 *       (TinyLFU, TOS 2017).
 *   <li>The recency is found by a {@link Tuner}, which plays several on a sample of the ids. When
 *       it changes, the ranking is made anew: a walk over all files, at most four times in a
 *       turnover.
 * </ul>
 *
 * <p>Memory for each file held: decision 0007 has the figures measured.
 */
final class Demand<T> implements EvictionPolicy<T> {
  // Half-life of the demand, in turnovers.
  private static final double HALF_LIFE = 16;
  // The clock, in octaves, at which sums are scaled back; a float reaches 127, and a sum is let
  // grow to 2^24 requests beyond, where adding one changes nothing any more.
  private static final int HIGH_NOON = 96;
  // Of the 23 bits of a float's fraction.
  private static final int WORTH_BITS = 10;

  private final ToLongFunction<? super T> ids;
  private final @Nullable Tuner tuner;
  private final DemandHistory history;
  private final Ranking<T> files = new Ranking<>();
  private long capacity;
  private double recency;

  // Written by any thread, without a barrier: bytes that are lost to a race make the clock late.
  private long missedBytes;
  private long missedSeen;
  private float turnovers;
  private double turnoversSeen;
  private float gain = 1;

  private static class Held<T> extends Ranking.Ranked<T> {
    private final Demand<T> policy;
    private float sum;
    private float last;

    Held(Demand<T> policy, T file, long bytes, float sum) {
      super(file, bytes);
      this.policy = policy;
      this.sum = sum;
      last = policy.turnovers;
    }

    // A hit that races with the scaling back may undo it for this one file, which then stays
    // until the next scaling: one file too many is kept, for want of a lock here.
    @Override
    public void hit() {
      sum += policy.gain;
      last = policy.turnovers;
    }

    @Override
    final int worth() {
      return policy.worth(sum, last);
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

  /** With a fixed recency. */
  Demand(long capacity, ToLongFunction<? super T> ids, long seed, double recency) {
    this(capacity, ids, seed, recency, null);
  }

  /** With a recency that follows the traffic. */
  Demand(long capacity, ToLongFunction<? super T> ids, long seed) {
    this(capacity, ids, seed, Tuner.FIRST, new Tuner(capacity, seed));
  }

  private Demand(
      long capacity,
      ToLongFunction<? super T> ids,
      long seed,
      double recency,
      @Nullable Tuner tuner) {
    this.capacity = capacity;
    this.ids = ids;
    this.recency = recency;
    this.tuner = tuner;
    history = new DemandHistory(seed);
  }

  /** For a miniature whose sample has changed. */
  void capacity(long bytes) {
    capacity = bytes;
  }

  /** Octaves of demand and of recency together; a float's bits are its logarithm, near enough. */
  private int worth(float sum, float last) {
    return (Float.floatToRawIntBits(sum) >>> (23 - WORTH_BITS))
        + (int) (last * recency * (1 << WORTH_BITS));
  }

  @Override
  public void missed(long id, long bytes) {
    missedBytes += bytes;
    history.add(id, clock());
    if (tuner != null) {
      tuner.missed(id, bytes);
    }
  }

  private double clock() {
    return turnoversSeen / HALF_LIFE;
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
    return least == null
        || worth((float) Math.max(1, history.estimate(id, clock())) * gain, turnovers)
            > least.worth();
  }

  @Override
  public Place inserted(T file, long bytes) {
    long id = ids.applyAsLong(file);
    double known = history.estimate(id, clock());
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
    history.widen(files.size());
    if (tuner != null) {
      tuner.holding(files.size());
    }
    return place;
  }

  @Override
  @SuppressWarnings("unchecked")
  public void removed(Place place) {
    Held<T> gone = (Held<T>) files.remove(place);
    history.raise(ids.applyAsLong(gone.file), gone.sum / gain, clock());
  }

  @Override
  public void resized(Place place, long bytes) {
    files.resize(place, bytes);
  }

  @Override
  public List<T> victims(long bytes, Predicate<? super T> mayGo) {
    advance();
    return files.victims(bytes, mayGo);
  }

  /** Lets the clock catch up with what was missed, and asks the tuner what it should mean. */
  private void advance() {
    double now = tuner == null ? recency : tuner.recency();
    if (now != recency) {
      recency = now;
      files.change(place -> {});
    }
    long missed = missedBytes;
    turnoversSeen += (missed - missedSeen) / (double) capacity;
    missedSeen = missed;
    history.follow(clock());
    while (clock() > HIGH_NOON) {
      turnoversSeen -= HIGH_NOON * HALF_LIFE;
      history.turnBack(HIGH_NOON);
      files.change(
          place -> {
            Held<T> held = (Held<T>) place;
            held.sum = Math.scalb(held.sum, -HIGH_NOON);
            held.last -= (float) (HIGH_NOON * HALF_LIFE);
          });
    }
    turnovers = (float) turnoversSeen;
    gain = (float) Math.pow(2, clock());
  }
}
