package oca.store.evict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every policy must keep. */
abstract class EvictionPolicyContract {
  private static final long CAPACITY = 100_000;

  private final Map<Long, EvictionPolicy.Place> places = new HashMap<>();
  private final EvictionPolicy<Long> policy = policy(CAPACITY);

  abstract EvictionPolicies which();

  private EvictionPolicy<Long> policy(long capacity) {
    return which().create(capacity, 7, Long::longValue);
  }

  private void insert(long file, long bytes) {
    policy.missed(file, bytes);
    places.put(file, policy.inserted(file, bytes));
  }

  private void insertHundred() {
    LongStream.range(0, 100).forEach(file -> insert(file, 1000));
  }

  @Test
  void victims_empty_areNone() {
    assertEquals(List.of(), policy.victims(1, file -> true));
  }

  @Test
  void victims_fewBytes_sufficeAndAreNotMoreThanNeeded() {
    insertHundred();
    List<Long> victims = policy.victims(2500, file -> true);
    assertEquals(3, victims.size());
    assertEquals(3, new HashSet<>(victims).size());
  }

  @Test
  void victims_allBytes_areAll() {
    insertHundred();
    assertEquals(100, new HashSet<>(policy.victims(100_000, file -> true)).size());
  }

  @Test
  void victims_moreThanThereIs_areNone() {
    insertHundred();
    assertEquals(List.of(), policy.victims(100_001, file -> true));
    assertEquals(100, policy.victims(100_000, file -> true).size());
  }

  @Test
  void victims_mostMayNotGo_areOfTheOthers() {
    insertHundred();
    List<Long> victims = policy.victims(10_000, file -> file % 10 == 3);
    assertEquals(10, victims.size());
    assertTrue(victims.stream().allMatch(file -> file % 10 == 3), victims.toString());
  }

  @Test
  void victims_noneMayGo_endsWithNoneAndFindsThemLater() {
    insertHundred();
    places.values().forEach(EvictionPolicy.Place::hit);
    assertEquals(List.of(), policy.victims(1, file -> false));
    assertEquals(1, policy.victims(1, file -> true).size());
  }

  @Test
  void victims_notRemovedYet_areNamedAgain() {
    insertHundred();
    assertEquals(100, policy.victims(100_000, file -> true).size());
    assertEquals(100, policy.victims(100_000, file -> true).size());
  }

  @Test
  void removed_place_isNeverNamedAgain() {
    insertHundred();
    LongStream.range(0, 90).forEach(file -> policy.removed(places.remove(file)));
    List<Long> victims = policy.victims(10_000, file -> true);
    assertEquals(places.keySet(), new HashSet<>(victims));
  }

  @Test
  void removed_twice_isRefused() {
    insert(1, 10);
    policy.removed(places.get(1L));
    assertThrows(IllegalArgumentException.class, () -> policy.removed(places.get(1L)));
  }

  @Test
  void resized_place_countsForWhatItTakesNow() {
    insertHundred();
    places.values().forEach(place -> policy.resized(place, 500));
    assertEquals(List.of(), policy.victims(50_001, file -> true));
    assertEquals(3, policy.victims(1500, file -> true).size());
    policy.resized(places.get(7L), 40_000);
    assertEquals(100, new HashSet<>(policy.victims(89_500, file -> true)).size());
  }

  @Test
  void resized_removedPlace_isRefused() {
    insert(1, 10);
    policy.removed(places.get(1L));
    assertThrows(IllegalArgumentException.class, () -> policy.resized(places.get(1L), 20));
  }

  @Test
  void admits_roomOrTooLarge_isSaid() {
    assertTrue(policy.admits(1, CAPACITY));
    assertFalse(policy.admits(1, CAPACITY + 1));
  }

  @Test
  void victims_randomUse_alwaysSuffice() {
    long seed = 20260101;
    SplittableRandom random = new SplittableRandom(seed);
    Map<Long, Long> sizes = new HashMap<>();
    long used = 0;
    for (int i = 0; i < 50_000; i++) {
      long file = (long) (random.nextDouble() * random.nextDouble() * 2000);
      if (places.containsKey(file)) {
        places.get(file).hit();
        continue;
      }
      long bytes = 1L + random.nextInt(3000);
      policy.missed(file, bytes);
      if (!policy.admits(file, bytes)) {
        continue;
      }
      long over = used + bytes - CAPACITY;
      List<Long> victims = over > 0 ? policy.victims(over, other -> other % 7 != 0) : List.of();
      long freed = 0;
      for (long victim : victims) {
        assertTrue(victim % 7 != 0, "seed " + seed);
        policy.removed(places.remove(victim));
        freed += sizes.remove(victim);
      }
      assertTrue(freed >= over || victims.isEmpty(), "seed " + seed);
      used -= freed;
      if (used + bytes <= CAPACITY) {
        places.put(file, policy.inserted(file, bytes));
        sizes.put(file, bytes);
        used += bytes;
      }
    }
    assertTrue(used > CAPACITY / 2, "the cache is used: " + used);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void hit_onOtherThreadsMeanwhile_keepsTheContract() throws Exception {
    LongStream.range(0, 1000).forEach(file -> insert(file, 100));
    List<EvictionPolicy.Place> hot = new ArrayList<>(places.values());
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; !stop.get(); i++) {
                      hot.get(i % hot.size()).hit();
                      policy.missed(10_000 + i % 5000, 100);
                    }
                  }));
    }
    try {
      assertTimeoutPreemptively(
          Duration.ofMinutes(5),
          () -> {
            for (long file = 1000; file < 6000; file++) {
              List<Long> victims = policy.victims(100, other -> true);
              assertFalse(victims.isEmpty());
              victims.forEach(victim -> policy.removed(places.remove(victim)));
              insert(file, 100);
            }
          });
    } finally {
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertEquals(places.keySet(), new HashSet<>(policy.victims(100_000, other -> true)));
  }
}
