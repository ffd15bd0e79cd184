package oca.store.evict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Finds the recency that would have hit most, by playing several on a sample of the ids in caches
 * as much smaller: "Cache Modeling and Optimization using Miniature Simulations" (Waldspurger,
 * Saemundsson, Ahmad and Park, ATC 2017). One of those played is as good as LRU, which is why
 * {@link Demand} is never much below it: it becomes one where that is best.
 *
 * <p>Requests are told on any thread through a ring; when more come than fit between two looks, the
 * oldest are lost. Bounded: at most {@link #SAMPLE_FILES} files or so in each miniature, one id in
 * 2^n being followed for whatever n it takes.
 */
final class Tuner {
  /** What is tried, in octaves for each turnover since the last hit; the first is like LRU. */
  static final double[] RECENCIES = {16, 2, 0.5, 0};

  /** What is used until there is something to go by. */
  static final double FIRST = 0.5;

  private static final int SAMPLE_FILES = 4096;
  private static final int RING = 1 << 12;
  // At most so many are played in one look, under the caller's lock.
  private static final int PLAYED_AT_ONCE = 256;
  private static final int SIZE_BITS = 20;
  private static final int MANTISSA_BITS = 14;
  private static final int KEY_BITS = Long.SIZE - SIZE_BITS;
  private static final int MOST_SHIFT = 20;
  // Bytes asked for, in capacities, over which the score of a recency is halved.
  private static final int MEMORY = 4;
  // By how much of all bytes another must be better, so that noise does not switch.
  private static final double BETTER_BY = 0.001;
  // Bytes asked for, in capacities, between two changes: each is a walk over all files.
  private static final double DWELL = 0.25;

  private final long capacity;
  private final AtomicLongArray ring = new AtomicLongArray(RING);
  private final AtomicInteger told = new AtomicInteger();
  private int taken;
  private final List<Miniature> miniatures = new ArrayList<>();
  private int best;
  private double asked;
  private double sinceChange;
  // Read by any thread: it may follow an id too many for a moment.
  private int shift;

  /** A small cache of sampled ids under one policy. */
  private static final class Miniature {
    private final EvictionPolicy<Long> policy;
    private final Map<Long, Held> held = new HashMap<>();
    private long capacity;
    private long used;
    private double hits;

    private record Held(EvictionPolicy.Place place, long bytes) {}

    Miniature(EvictionPolicy<Long> policy, long capacity) {
      this.policy = policy;
      this.capacity = capacity;
    }

    void request(long key, long bytes) {
      Held here = held.get(key);
      if (here != null) {
        here.place.hit();
        hits += bytes;
        return;
      }
      policy.missed(key, bytes);
      if (policy.admits(key, bytes) && makeRoom(bytes)) {
        held.put(key, new Held(policy.inserted(key, bytes), bytes));
        used += bytes;
      }
    }

    private boolean makeRoom(long bytes) {
      if (used + bytes > capacity) {
        policy.victims(used + bytes - capacity, key -> true).forEach(this::remove);
      }
      return used + bytes <= capacity;
    }

    private void remove(long key) {
      Held gone = held.remove(key);
      if (gone != null) {
        policy.removed(gone.place);
        used -= gone.bytes;
      }
    }

    void shrink(long bytes, int shift) {
      held.keySet().stream().filter(key -> !follows(key, shift)).toList().forEach(this::remove);
      capacity = bytes;
      if (policy instanceof Demand<Long> demand) {
        demand.capacity(bytes);
      }
      makeRoom(0);
    }
  }

  Tuner(long capacity, long seed) {
    this.capacity = capacity;
    for (double recency : RECENCIES) {
      miniatures.add(
          new Miniature(new Demand<>(capacity, Long::longValue, seed, recency), capacity));
      if (recency == FIRST) {
        best = miniatures.size() - 1;
      }
    }
  }

  /** Whether an id is of the sample. On any thread. */
  boolean follows(long id) {
    return follows(key(id), shift);
  }

  private static boolean follows(long key, int shift) {
    return key >>> (KEY_BITS - shift) == 0;
  }

  private static long key(long id) {
    return Mix.of(id) >>> SIZE_BITS;
  }

  /** A request in one word: 44 bits of the id's hash, 20 of the size to four digits. */
  long request(long id, long bytes) {
    int exponent = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(bytes) - MANTISSA_BITS);
    return key(id) << SIZE_BITS | (long) exponent << MANTISSA_BITS | bytes >>> exponent;
  }

  /** A file that is not held was asked for. On any thread. */
  void missed(long id, long bytes) {
    if (follows(id)) {
      tell(request(id, bytes));
    }
  }

  /** A request for an id of the sample. On any thread, wait-free. */
  void tell(long request) {
    ring.setRelease(told.getAndIncrement() & RING - 1, request);
  }

  /** Says how many files are held, so that the sample stays small. Under the lock. */
  void holding(int files) {
    while (files >>> shift > SAMPLE_FILES && shift < MOST_SHIFT) {
      shift++;
      miniatures.forEach(miniature -> miniature.shrink(capacity >> shift, shift));
    }
  }

  /** The recency to use from now on. Plays what was told since. Under the lock. */
  double recency() {
    int end = told.get();
    taken = end - taken > RING ? end - RING : taken;
    int stop = end - taken > PLAYED_AT_ONCE ? taken + PLAYED_AT_ONCE : end;
    for (; taken != stop; taken++) {
      long request = ring.getAndSet(taken & RING - 1, 0);
      if (request != 0 && follows(request >>> SIZE_BITS, shift)) {
        play(request >>> SIZE_BITS, bytes(request));
      }
    }
    return RECENCIES[best];
  }

  private static long bytes(long request) {
    long size = request & (1L << SIZE_BITS) - 1;
    return (size & (1L << MANTISSA_BITS) - 1) << (size >>> MANTISSA_BITS);
  }

  private void play(long key, long bytes) {
    for (Miniature miniature : miniatures) {
      miniature.request(key, bytes);
    }
    asked += bytes;
    if (asked > 2.0 * MEMORY * (capacity >> shift)) {
      asked /= 2;
      miniatures.forEach(miniature -> miniature.hits /= 2);
    }
    sinceChange += bytes;
    step();
  }

  /** Changes to the best, not too soon after the last change. */
  private void step() {
    if (sinceChange < DWELL * (capacity >> shift)) {
      return;
    }
    int better = best;
    for (int i = 0; i < miniatures.size(); i++) {
      better = miniatures.get(i).hits > miniatures.get(better).hits ? i : better;
    }
    if (miniatures.get(better).hits - miniatures.get(best).hits > BETTER_BY * asked) {
      best = better;
      sinceChange = 0;
    }
  }
}
