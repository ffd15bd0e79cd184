package oca.store.evict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemandHistoryTest {
  private static final int FILES = 10_000;
  private final DemandHistory history = new DemandHistory(1);

  @Test
  void estimate_neverAsked_isZero() {
    history.widen(FILES);
    for (long id = 0; id < FILES; id++) {
      history.add(id, 0);
    }
    long taken = 0;
    for (long id = FILES; id < 2 * FILES; id++) {
      taken += history.estimate(id, 0) > 0 ? 1 : 0;
    }
    assertTrue(taken <= 1, "taken for another: " + taken);
  }

  @Test
  void estimate_manyAdded_isRightOnAverage() {
    history.widen(FILES);
    double sum = 0;
    for (long id = 0; id < FILES; id++) {
      for (int i = 0; i < 8; i++) {
        history.add(id, 0);
      }
      sum += history.estimate(id, 0);
    }
    assertEquals(8, sum / FILES, 0.4);
  }

  @Test
  void estimate_timePasses_halvesWithEachOctave() {
    history.raise(7, 64, 0);
    history.follow(3);
    assertEquals(8, history.estimate(7, 3), 1);
  }

  @Test
  void estimate_clockTurnedBack_isAsBefore() {
    history.follow(96);
    history.raise(7, 64, 96);
    double before = history.estimate(7, 96);
    history.turnBack(96);
    assertEquals(before, history.estimate(7, 0), 1e-6);
  }

  @Test
  void add_floodOfOthers_keepsWhatIsInDemand() {
    history.raise(7, 64, 0);
    for (long id = 100; id < 1_000_000; id++) {
      history.add(id, 0);
    }
    assertEquals(64, history.estimate(7, 0), 6);
  }

  @Test
  void widen_larger_keepsWhatWasKnown() {
    history.raise(7, 64, 0);
    int before = history.bytes();
    history.widen(FILES);
    assertTrue(history.bytes() > before);
    assertEquals(64, history.estimate(7, 0), 6);
  }

  @Test
  void widen_anyNumberOfFiles_isAtMost32BytesForEach() {
    for (int files : new int[] {1_000, FILES, 1 << 20, (1 << 20) + 1}) {
      history.widen(files);
      assertTrue(history.bytes() >= 16L * files, files + " files: " + history.bytes());
      assertTrue(history.bytes() <= 32L * files, files + " files: " + history.bytes());
    }
  }

  @Test
  void add_threadsThatRace_countsNoMoreThanWasAdded() throws InterruptedException {
    history.widen(FILES);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int request = 0; request < 16 * 1_000; request++) {
                      history.add(request % 1_000, 0);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double sum = 0;
    for (long id = 0; id < 1_000; id++) {
      sum += history.estimate(id, 0);
    }
    assertTrue(sum > 8 * 1_000 && sum < 1.05 * 4 * 16 * 1_000, "counted: " + sum);
  }
}
