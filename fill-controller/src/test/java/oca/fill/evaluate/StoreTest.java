package oca.fill.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StoreTest {
  private static final long[] SIZES = {10, 10, 10, 10};

  @Test
  void fill_withinBudget_takesTheBestGainsFirst() {
    Store store = new Store(20, 1);
    assertEquals(20, store.fill(new float[] {1, 2, 0, 0}, SIZES, Long.MAX_VALUE));
    assertEquals(10, store.fill(new float[] {1, 2, 9, 5}, SIZES, 10));
    assertFalse(store.holds(0));
    assertTrue(store.holds(1) && store.holds(2));
  }

  @Test
  void fill_hysteresis_keepsWhatIsNearlyAsGood() {
    Store store = new Store(10, 1.5);
    store.fill(new float[] {2, 0, 0, 0}, SIZES, 10);
    assertEquals(0, store.fill(new float[] {2, 2.9f, 0, 0}, SIZES, 10));
    assertEquals(10, store.fill(new float[] {2, 3.1f, 0, 0}, SIZES, 10));
    assertTrue(store.holds(1));
  }

  @Test
  void fill_largeFile_isWeighedAgainstAllThatLeaveForIt() {
    long[] sizes = {10, 10, 20, 10};
    Store store = new Store(20, 1);
    store.fill(new float[] {1, 5, 0, 0}, sizes, 20);
    assertEquals(0, store.fill(new float[] {1, 5, 2.9f, 0}, sizes, 20));
    assertEquals(20, store.fill(new float[] {1, 5, 3.1f, 0}, sizes, 20));
    assertTrue(store.holds(2));
  }

  @Test
  void resize_heldFileGrows_isPaidFromTheNextBudgetAndMakesRoom() {
    Store store = new Store(20, 1);
    store.fill(new float[] {1, 2, 0, 0}, SIZES, 20);
    store.resize(1, 10, 15);
    assertEquals(3, store.fill(new float[] {1, 2, 9, 0}, new long[] {10, 15, 10, 10}, 3));
    assertFalse(store.holds(0));
    assertEquals(15, store.used());
    assertEquals(2, store.fill(new float[] {0, 2, 0, 0}, new long[] {10, 15, 10, 10}, 10));
  }

  @Test
  void fill_fileLargerThanTheBudget_comesInOverSeveralPeriods() {
    long[] sizes = {10, 10, 25, 10};
    float[] density = {1, 1, 9, 0};
    Store store = new Store(30, 1);
    store.fill(new float[] {1, 1, 0, 0}, sizes, 20);
    assertEquals(10, store.fill(density, sizes, 10));
    assertTrue(store.holds(0) && store.holds(1), "there is room for what has come");
    assertEquals(10, store.fill(density, sizes, 10));
    assertFalse(store.holds(2));
    assertFalse(store.holds(0), "what has come takes room");
    assertEquals(5, store.fill(density, sizes, 10));
    assertTrue(store.holds(2));
  }

  @Test
  void fill_begunFileNoLongerWorthIt_isDropped() {
    long[] sizes = {10, 10, 20, 10};
    Store store = new Store(20, 1);
    store.fill(new float[] {1, 1, 0, 0}, sizes, 20);
    assertEquals(5, store.fill(new float[] {1, 1, 9, 0}, sizes, 5));
    assertEquals(5, store.fill(new float[] {2, 3, 0, 4}, sizes, 5), "the next is begun");
    assertEquals(5, store.fill(new float[] {2, 3, 0, 4}, sizes, 10));
    assertTrue(store.holds(3) && store.holds(1));
  }

  @Property(tries = 300)
  void fill_anything_neverExceedsDiskOrBudget(@ForAll long seed) {
    Random random = new Random(seed);
    int files = 1 + random.nextInt(40);
    long[] sizes = random.longs(files, 1, 50).toArray();
    long capacity = 1L + random.nextInt(300);
    Store store = new Store(capacity, 1 + random.nextDouble());
    for (int round = 0; round < 10; round++) {
      float[] density = new float[files];
      for (int file = 0; file < files; file++) {
        density[file] = random.nextInt(3) == 0 ? 0 : random.nextInt(10);
      }
      long budget = random.nextInt(200);
      assertTrue(store.fill(density, sizes, budget) <= budget, "seed " + seed);
      long used = store.held().stream().mapToLong(file -> sizes[file]).sum();
      assertEquals(used, store.used(), "seed " + seed);
      assertTrue(used <= capacity, "seed " + seed);
    }
  }
}
