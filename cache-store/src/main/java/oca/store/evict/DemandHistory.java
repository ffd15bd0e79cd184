package oca.store.evict;

import java.util.Arrays;

/**
 * The demand for ids whether held or not, in a fixed number of bytes: a table of sets of eight
 * words. An id has one word of the set that its hash names: a fingerprint of 24 other bits of the
 * hash, and in 8 bits what was asked (Bonomi and others, "An Improved Construction for Counting
 * Bloom Filters", ESA 2006, has counts beside fingerprints, too). A newcomer takes the word of the
 * least in demand and none of its count, so that what was never asked for is taken for another in
 * one case of two million. A sketch, whose cells are shared, says too much of the many ids that
 * were asked for once, and those are what must not come in.
 *
 * <p>What was asked is a sum that decays forward (Cormode, Shkapenyuk, Srivastava and Xu: "Forward
 * Decay", ICDE 2009): a request made when the clock stood at {@code t} octaves weighs 2^t, so that
 * nothing need be touched as time passes. Of the sum the logarithm is kept, in eighths of octaves
 * above a base that follows the clock, and rounded up or down by chance, so that single requests
 * count on average (Morris, "Counting Large Numbers of Events in Small Registers", CACM 1978).
 *
 * <p>{@link #add} is for any thread, all else for one at a time. A race loses a count or an id;
 * only a request under way in the instant in which the base moves may leave its id too high, until
 * that has decayed.
 */
final class DemandHistory {
  private static final int WAYS = 8;
  // From 4 to 8 words, 16 to 32 bytes, for each file held: the table grows by doubling.
  private static final int WORDS_PER_FILE = 4;
  // One gibibyte: 67 million files have all the words they ask for, more have fewer each.
  private static final int MOST_WORDS = 1 << 28;
  private static final int PRINT = 0xFFFFFF00;
  private static final int CELL = 0xFF;
  private static final double STEPS_PER_OCTAVE = 8;
  // Octaves below the clock at which the base is set, and the octaves that a cell spans.
  private static final double BELOW = 12;
  private static final double SPAN = CELL / STEPS_PER_OCTAVE;
  // Room for sums of 2^10 requests is left before the base moves.
  private static final double ABOVE = 10;
  private static final double LOG_2 = Math.log(2);

  // Fingerprint in the upper 24 bits, cell in the lower 8; a word with a cell of 0 is empty.
  private int[] words = new int[1 << 10];
  // Octaves. Volatile, so that it has moved before the first word does: see follow.
  private volatile double base = -BELOW;
  private int dice;

  DemandHistory(long seed) {
    dice = (int) Mix.of(seed) | 1;
  }

  /**
   * Makes room for the history of so many held files. Each set is then there twice, and each half
   * of the ids finds its past in one of them; what it leaves in the other is displaced in time.
   */
  void widen(int files) {
    while (words.length < (long) files * WORDS_PER_FILE && words.length < MOST_WORDS) {
      int[] wider = Arrays.copyOf(words, words.length * 2);
      System.arraycopy(words, 0, wider, words.length, words.length);
      words = wider;
    }
  }

  /** Its size in bytes, at most 2^30. */
  int bytes() {
    return words.length * Integer.BYTES;
  }

  /** Follows the clock, in octaves. Walks over all words each time the clock has gone about ten. */
  void follow(double clock) {
    double old = base;
    if (clock - old > SPAN - ABOVE) {
      int down = (int) ((clock - BELOW - old) * STEPS_PER_OCTAVE);
      // Before the walk: what is added meanwhile is lowered too often, not once too seldom, which
      // would make it look asked for a thousand times.
      base = old + down / STEPS_PER_OCTAVE;
      int[] now = words;
      for (int i = 0; i < now.length; i++) {
        now[i] = (now[i] & PRINT) | Math.max(0, (now[i] & CELL) - down);
      }
    }
  }

  /** The clock was turned back by so many octaves. */
  void turnBack(double octaves) {
    double old = base;
    base = old - octaves;
  }

  /** One request, made when the clock stood at so many octaves. On any thread. */
  void add(long id, double clock) {
    int[] now = words;
    long mixed = Mix.of(id);
    int at = at(now, mixed);
    put(now, at, mixed, cell(weight(known(now[at], mixed), clock) + 1, clock));
  }

  /** Sees to it that the demand is at least so much, in requests made now. */
  void raise(long id, double weight, double clock) {
    int[] now = words;
    long mixed = Mix.of(id);
    int at = at(now, mixed);
    put(now, at, mixed, Math.max(known(now[at], mixed), cell(weight, clock)));
  }

  /** The demand, counted in requests made now; 0 for an id that is not known, or not any more. */
  double estimate(long id, double clock) {
    int[] now = words;
    long mixed = Mix.of(id);
    return weight(known(now[at(now, mixed)], mixed), clock);
  }

  /** Where the id is, or else the one of its set that is least in demand. */
  private static int at(int[] words, long mixed) {
    int first = (int) mixed & words.length - WAYS;
    int least = first;
    for (int i = first; i < first + WAYS; i++) {
      if (known(words[i], mixed) > 0) {
        return i;
      }
      least = (words[i] & CELL) < (words[least] & CELL) ? i : least;
    }
    return least;
  }

  // Bits 40 to 63 of the hash; the set is told by bits 3 to 27 at most.
  private static int print(long mixed) {
    return (int) (mixed >>> 32) & PRINT;
  }

  // The cell of an id, 0 when the word is another's or empty.
  private static int known(int word, long mixed) {
    return (word & PRINT) == print(mixed) ? word & CELL : 0;
  }

  private static void put(int[] words, int at, long mixed, int cell) {
    words[at] = print(mixed) | Math.max(1, cell);
  }

  private double weight(int cell, double clock) {
    return cell == 0 ? 0 : Math.exp((cell / STEPS_PER_OCTAVE + base - clock) * LOG_2);
  }

  private int cell(double weight, double clock) {
    double exact = (Math.log(weight) / LOG_2 + clock - base) * STEPS_PER_OCTAVE;
    // Xorshift (Marsaglia 2003); threads that race may throw the same dice.
    int thrown = dice;
    thrown ^= thrown << 13;
    thrown ^= thrown >>> 17;
    thrown ^= thrown << 5;
    dice = thrown;
    return (int) Math.clamp(Math.floor(exact + (thrown >>> 8) * 0x1p-24), 0, CELL);
  }
}
