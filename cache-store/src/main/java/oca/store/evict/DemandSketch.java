package oca.store.evict;

import java.util.Arrays;

/**
 * The demand for ids whether held or not, in a fixed number of bytes: a count-min sketch (Cormode
 * and Muthukrishnan 2005) with conservative update whose cells hold the logarithm of a sum that
 * decays forward (Cormode, Shkapenyuk, Srivastava and Xu: "Forward Decay", ICDE 2009).
 *
 * <p>A request made when the clock stood at {@code t} octaves weighs 2^t, so that nothing need be
 * touched as time passes: what is old is small beside what is new. A cell counts eighths of octaves
 * above a base that follows the clock; it is rounded up or down by chance, so that on average it is
 * right. Added to on any thread without a barrier: a race loses a count, never more.
 */
final class DemandSketch {
  private static final int ROWS = 3;
  private static final int CELLS_PER_FILE = 16;
  private static final double STEPS = 8;
  // Octaves below the clock at which the base is set, and the octaves that a cell spans.
  private static final double BELOW = 12;
  private static final double SPAN = 255 / STEPS;
  private static final double LOG_2 = Math.log(2);

  private byte[] cells = new byte[1 << 10];
  private double base = -BELOW;
  private int dice;

  DemandSketch(long seed) {
    dice = (int) Mix.of(seed) | 1;
  }

  /** Makes room for the history of so many held files; what is there stays an upper bound. */
  void widen(int files) {
    while (cells.length < (long) files * CELLS_PER_FILE && cells.length < 1 << 30) {
      byte[] wider = Arrays.copyOf(cells, cells.length * 2);
      System.arraycopy(cells, 0, wider, cells.length, cells.length);
      cells = wider;
    }
  }

  /** Its size in bytes. */
  int bytes() {
    return cells.length;
  }

  /** Follows the clock, in octaves. Under the policy's lock; walks over all cells now and then. */
  void follow(double clock) {
    // Room is left for sums of 2^10 requests before the next move.
    if (clock - base > SPAN - 10) {
      int down = (int) ((clock - BELOW - base) * STEPS);
      byte[] now = cells;
      for (int i = 0; i < now.length; i++) {
        now[i] = (byte) Math.max(0, (now[i] & 0xFF) - down);
      }
      base += down / STEPS;
    }
  }

  /** The clock was turned back by so many octaves. */
  void turnBack(double octaves) {
    base -= octaves;
  }

  /** One request at a time. */
  void add(long id, double clock) {
    byte[] now = cells;
    long mixed = Mix.of(id);
    int least = least(now, mixed);
    double sum = weight(least, clock) + 1;
    put(now, mixed, cell(sum, clock));
  }

  /** Sees to it that the demand is at least so much. */
  void raise(long id, double weight, double clock) {
    put(cells, Mix.of(id), cell(weight, clock));
  }

  /** The demand, counted in requests made now. At least what was added, but for lost races. */
  double estimate(long id, double clock) {
    return weight(least(cells, Mix.of(id)), clock);
  }

  private double weight(int cell, double clock) {
    return cell == 0 ? 0 : Math.exp((cell / STEPS + base - clock) * LOG_2);
  }

  private int cell(double weight, double clock) {
    double exact = (Math.log(weight) / LOG_2 + clock - base) * STEPS;
    // Xorshift (Marsaglia 2003); threads that race may throw the same dice.
    int thrown = dice;
    thrown ^= thrown << 13;
    thrown ^= thrown >>> 17;
    thrown ^= thrown << 5;
    dice = thrown;
    return (int) Math.clamp(Math.floor(exact + (thrown >>> 8) * 0x1p-24), 0, 255);
  }

  private static void put(byte[] cells, long mixed, int value) {
    for (int row = 0; row < ROWS; row++) {
      int slot = slot(cells, mixed, row);
      if ((cells[slot] & 0xFF) < value) {
        cells[slot] = (byte) value;
      }
    }
  }

  private static int least(byte[] cells, long mixed) {
    int least = 255;
    for (int row = 0; row < ROWS; row++) {
      least = Math.min(least, cells[slot(cells, mixed, row)] & 0xFF);
    }
    return least;
  }

  // Kirsch and Mitzenmacher 2006: two hashes are as good as many.
  private static int slot(byte[] cells, long mixed, int row) {
    return ((int) mixed + row * ((int) (mixed >>> 32) | 1)) & cells.length - 1;
  }
}
