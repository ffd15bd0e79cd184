package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SieveEvictionTest {
  private final SieveEviction policy = new SieveEviction();

  @Test
  void victims_withoutHits_areTheOldest() {
    insert(1, 2, 3);
    assertEquals(keys(1, 2), policy.victims(20, key -> true));
  }

  @Test
  void victims_withHits_spareThemOnce() {
    insert(1, 2, 3).hit();
    policy.inserted(TestContent.key(1), 10).hit();
    assertEquals(keys(2), policy.victims(10, key -> true));
    policy.removed(TestContent.key(2));
    assertEquals(keys(3, 1), policy.victims(20, key -> true));
  }

  @Test
  void victims_whenTooFewMayGo_areNone() {
    insert(1, 2, 3);
    assertEquals(List.of(), policy.victims(30, key -> key.low() != 2));
    assertEquals(List.of(), policy.victims(31, key -> true));
    assertEquals(keys(1, 3), policy.victims(20, key -> key.low() != 2));
  }

  @Test
  void removed_ofFileUnderTheHand_movesTheHand() {
    insert(1, 2, 3);
    assertEquals(keys(1), policy.victims(10, key -> true));
    policy.removed(TestContent.key(2));
    assertEquals(keys(3), policy.victims(10, key -> true));
  }

  private EvictionPolicy.Touch insert(long... seeds) {
    EvictionPolicy.Touch last = null;
    for (long seed : seeds) {
      last = policy.inserted(TestContent.key(seed), 10);
    }
    return last;
  }

  private static List<ContentKey> keys(long... seeds) {
    return java.util.Arrays.stream(seeds).mapToObj(TestContent::key).toList();
  }
}
