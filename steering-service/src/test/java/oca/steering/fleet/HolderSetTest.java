package oca.steering.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HolderSetTest {

  /** Through all three forms, up and down, against a set of the library. */
  @Property(tries = 500)
  void set_anyChanges_isThatOfTheOracle(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 2100) int numbers) {
    Random random = new Random(seed);
    HolderSet set = HolderSet.NONE;
    TreeSet<Integer> oracle = new TreeSet<>();
    boolean growing = true;
    for (int step = 0; step < 400; step++) {
      growing = random.nextInt(60) == 0 ? !growing : growing;
      int number = Math.min(HolderSet.NUMBERS - 1, numbers * (random.nextInt(100) == 0 ? 31 : 1));
      number = random.nextInt(number);
      if (!oracle.contains(number) && growing) {
        oracle.add(number);
        set = set.with(number);
      } else if (!growing && !oracle.isEmpty()) {
        Integer gone = oracle.ceiling(number);
        number = gone == null ? oracle.last() : gone;
        oracle.remove(number);
        set = set.without(number);
      }
      assertEquals(oracle.size(), set.size(), "seed " + seed);
      assertEquals(oracle.contains(number), set.has(number), "seed " + seed);
    }
    assertEquals(new ArrayList<>(oracle), all(set), "seed " + seed);
    HolderSet again = HolderSet.NONE;
    for (int number : oracle.descendingSet()) {
      again = again.with(number);
    }
    assertEquals(set, again, "seed " + seed + ": the form follows from the content");
    assertEquals(set.hashCode(), again.hashCode());
    for (int number : oracle) {
      again = again.without(number);
    }
    assertSame(HolderSet.NONE, again);
  }

  @Test
  void bytes_eachForm_isTheSmallest() {
    HolderSet set = HolderSet.NONE;
    int[] expected = new int[2000];
    for (int i = 0; i < 2000; i++) {
      set = set.with(i);
      expected[i] = set.bytes();
    }
    assertEquals(16, expected[3], "four in one object");
    assertEquals(24 + 24, expected[40], "neighbours are few bits");
    assertEquals(24 + 12 + 32 * 8 + 4, expected[1999]);
    HolderSet spread = HolderSet.NONE;
    for (int i = 0; i < 40; i++) {
      spread = spread.with(i * 50);
    }
    assertEquals(16 + 12 + 80 + 4, spread.bytes(), "forty of two thousand");
  }

  @Test
  void pool_sameStep_givesTheSameSet() {
    SetPool pool = new SetPool();
    HolderSet one = pool.with(HolderSet.NONE, 7);
    assertSame(one, pool.with(HolderSet.NONE, 7));
    HolderSet both = pool.with(one, 9);
    HolderSet other = pool.with(pool.with(HolderSet.NONE, 9), 7);
    assertSame(both, other, "on another way");
    assertSame(HolderSet.NONE, pool.without(one, 7));
  }

  private static List<Integer> all(HolderSet set) {
    List<Integer> all = new ArrayList<>();
    for (int n = set.next(0); n >= 0; n = set.next(n + 1)) {
      all.add(n);
    }
    return all;
  }
}
