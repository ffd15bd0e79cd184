package oca.steering.fleet;

import java.util.Arrays;

/**
 * The appliances that hold one file, by their numbers ({@link Member#number}). Immutable; safe on
 * any thread.
 *
 * <p>Most files are held by two or three appliances, and a few by nearly all. Hence three forms,
 * the smallest that fits: up to four numbers inside one long ({@link Few}, 16 bytes), a sorted
 * array of shorts ({@link Some}, 2 bytes a number), a bit for each number ({@link Many}, 250 bytes
 * for 2,000 appliances). The form follows from the content, so that equal sets are equal objects
 * and can be shared: the files of one title mostly have the same holders.
 */
public abstract sealed class HolderSet {
  /** Nobody. */
  public static final HolderSet NONE = new Few(0);

  /** Numbers are below this: a number and one fit into 16 bits. */
  static final int NUMBERS = 0xffff;

  private HolderSet() {}

  /** The set of those numbers, ascending, each below {@link #NUMBERS}; takes nothing. */
  static HolderSet of(int[] ascending) {
    HolderSet few = NONE;
    if (ascending.length <= Few.MOST) {
      for (int number : ascending) {
        few = few.with(number);
      }
      return few;
    }
    short[] numbers = new short[ascending.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (short) ascending[i];
    }
    return Some.orMany(numbers);
  }

  /** How many there are. */
  public abstract int size();

  /** Whether there is nobody. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** Whether the appliance of that number is among them. */
  public abstract boolean has(int number);

  /**
   * The next of them, for going through all: {@code for (int n = set.next(0); n >= 0; n =
   * set.next(n + 1))}.
   *
   * @return the lowest number at or above {@code from}; -1 when there is none
   */
  public abstract int next(int from);

  /** With a number that is not among them. */
  abstract HolderSet with(int number);

  /** Without a number that is among them. */
  abstract HolderSet without(int number);

  /** Heap bytes, when nobody shares it: headers of 8 bytes, arrays of 12, all in steps of 8. */
  abstract int bytes();

  /** Up to four numbers, each plus one in 16 bits, ascending from the lowest bits; the rest 0. */
  private static final class Few extends HolderSet {
    static final int MOST = 4;
    private final long lanes;

    Few(long lanes) {
      this.lanes = lanes;
    }

    @Override
    public int size() {
      return (64 - Long.numberOfLeadingZeros(lanes) + 15) >>> 4;
    }

    private int at(int index) {
      return (int) ((lanes >>> (index << 4)) & 0xffff) - 1;
    }

    @Override
    public boolean has(int number) {
      for (int i = size() - 1; i >= 0; i--) {
        if (at(i) == number) {
          return true;
        }
      }
      return false;
    }

    @Override
    public int next(int from) {
      for (int i = 0, size = size(); i < size; i++) {
        if (at(i) >= from) {
          return at(i);
        }
      }
      return -1;
    }

    @Override
    HolderSet with(int number) {
      int size = size();
      int place = 0;
      while (place < size && at(place) < number) {
        place++;
      }
      if (size < MOST) {
        int shift = place << 4;
        long below = lanes & ((1L << shift) - 1);
        long above = (lanes >>> shift) << shift << 16;
        return new Few(below | ((number + 1L) << shift) | above);
      }
      short[] numbers = new short[size + 1];
      for (int i = 0; i <= size; i++) {
        numbers[i] = (short) (i < place ? at(i) : i == place ? number : at(i - 1));
      }
      return Some.orMany(numbers);
    }

    @Override
    HolderSet without(int number) {
      long kept = 0;
      int shift = 0;
      for (int i = 0, size = size(); i < size; i++) {
        if (at(i) != number) {
          kept |= (at(i) + 1L) << shift;
          shift += 16;
        }
      }
      return kept == 0 ? NONE : new Few(kept);
    }

    @Override
    int bytes() {
      return isEmpty() ? 0 : 16;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Few few && few.lanes == lanes;
    }

    @Override
    public int hashCode() {
      return (int) ((lanes * 0x9e3779b97f4a7c15L) >>> 32);
    }
  }

  /** Five or more numbers, ascending, where that is smaller than a bit for each. */
  private static final class Some extends HolderSet {
    private final short[] numbers;

    private Some(short[] numbers) {
      this.numbers = numbers;
    }

    static HolderSet orMany(short[] numbers) {
      int words = (numbers[numbers.length - 1] & 0xffff) / 64 + 1;
      if (numbers.length * 2 < words * 8) {
        return new Some(numbers);
      }
      long[] bits = new long[words];
      for (short number : numbers) {
        bits[(number & 0xffff) >>> 6] |= 1L << number;
      }
      return new Many(bits, numbers.length);
    }

    @Override
    public int size() {
      return numbers.length;
    }

    /** The index of the lowest number at or above the one given. */
    private int place(int number) {
      int low = 0;
      int high = numbers.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if ((numbers[middle] & 0xffff) < number) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    @Override
    public boolean has(int number) {
      int place = place(number);
      return place < numbers.length && (numbers[place] & 0xffff) == number;
    }

    @Override
    public int next(int from) {
      int place = place(from);
      return place < numbers.length ? numbers[place] & 0xffff : -1;
    }

    @Override
    HolderSet with(int number) {
      int place = place(number);
      short[] more = new short[numbers.length + 1];
      System.arraycopy(numbers, 0, more, 0, place);
      more[place] = (short) number;
      System.arraycopy(numbers, place, more, place + 1, numbers.length - place);
      return orMany(more);
    }

    @Override
    HolderSet without(int number) {
      int place = place(number);
      if (numbers.length == Few.MOST + 1) {
        HolderSet few = NONE;
        for (int i = 0; i < numbers.length; i++) {
          few = i == place ? few : few.with(numbers[i] & 0xffff);
        }
        return few;
      }
      short[] fewer = new short[numbers.length - 1];
      System.arraycopy(numbers, 0, fewer, 0, place);
      System.arraycopy(numbers, place + 1, fewer, place, fewer.length - place);
      return orMany(fewer);
    }

    @Override
    int bytes() {
      return 16 + step(12 + 2 * numbers.length);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Some some && Arrays.equals(some.numbers, numbers);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(numbers);
    }
  }

  /** Bit n of the words for number n; the last word is not zero. */
  private static final class Many extends HolderSet {
    private final long[] words;
    private final int size;

    private Many(long[] words, int size) {
      this.words = words;
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public boolean has(int number) {
      int word = number >>> 6;
      return word < words.length && ((words[word] >>> number) & 1) != 0;
    }

    @Override
    public int next(int from) {
      int word = from >>> 6;
      if (word >= words.length) {
        return -1;
      }
      long left = words[word] & (-1L << from);
      while (left == 0) {
        if (++word == words.length) {
          return -1;
        }
        left = words[word];
      }
      return word * 64 + Long.numberOfTrailingZeros(left);
    }

    @Override
    HolderSet with(int number) {
      int word = number >>> 6;
      if (fits(size + 1, Math.max(words.length, word + 1))) {
        long[] more = Arrays.copyOf(words, Math.max(words.length, word + 1));
        more[word] |= 1L << number;
        return new Many(more, size + 1);
      }
      short[] numbers = Arrays.copyOf(numbers(), size + 1);
      // Only a number beyond the last word makes the set too thin for bits.
      numbers[size] = (short) number;
      return Some.orMany(numbers);
    }

    @Override
    HolderSet without(int number) {
      long[] fewer = words.clone();
      fewer[number >>> 6] &= ~(1L << number);
      int length = fewer.length;
      while (length > 0 && fewer[length - 1] == 0) {
        length--;
      }
      Many changed =
          new Many(length == fewer.length ? fewer : Arrays.copyOf(fewer, length), size - 1);
      if (changed.size > Few.MOST) {
        return fits(changed.size, length) ? changed : Some.orMany(changed.numbers());
      }
      HolderSet few = NONE;
      for (short each : changed.numbers()) {
        few = few.with(each & 0xffff);
      }
      return few;
    }

    private static boolean fits(int size, int words) {
      return size * 2 >= words * 8;
    }

    private short[] numbers() {
      short[] numbers = new short[size];
      int at = 0;
      for (int n = next(0); n >= 0; n = next(n + 1)) {
        numbers[at++] = (short) n;
      }
      return numbers;
    }

    @Override
    int bytes() {
      return 24 + step(12 + 8 * words.length);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Many many && Arrays.equals(many.words, words);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(words);
    }
  }

  private static int step(int bytes) {
    return (bytes + 7) & ~7;
  }
}
