package oca.steering.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.ContentId;
import oca.protocol.InventoryDigest;
import org.junit.jupiter.api.Test;

class HoldersTest {
  private static final int APPLIANCES = 7;
  private final Reindex reindex = new Reindex();

  /** Replaced, changed and forgotten in any order: the index has what a map of sets has. */
  @Property(tries = 200)
  void index_anyChanges_isThatOfTheOracle(@ForAll long seed) {
    Random random = new Random(seed);
    int universe = 1 + random.nextInt(random.nextBoolean() ? 30 : 3000);
    Holders holders = Holders.none(seed);
    Map<Integer, Set<ContentId>> oracle = new HashMap<>();
    for (int step = 0; step < 20; step++) {
      int number = random.nextInt(APPLIANCES);
      Set<ContentId> held = oracle.computeIfAbsent(number, _ -> new HashSet<>());
      List<ContentId> some = some(random, universe);
      if (random.nextInt(3) > 0) {
        List<ContentId> removed = some(random, universe);
        holders = reindex.change(holders, number, batch(removed, seed), batch(some, seed));
        held.removeAll(Set.copyOf(removed));
      } else {
        holders = reindex.replace(holders, number, batch(some, seed));
        held.clear();
      }
      held.addAll(some);
      assertEquals(InventoryDigest.of(held), holders.indexed(number), "seed " + seed);
    }
    Set<ContentId> all = new HashSet<>();
    long pairs = 0;
    long bytes = 0;
    for (Map.Entry<Integer, Set<ContentId>> entry : oracle.entrySet()) {
      all.addAll(entry.getValue());
      pairs += entry.getValue().size();
      for (int file = 0; file < universe; file++) {
        assertEquals(
            entry.getValue().contains(id(file)),
            holders.holders(id(file)).has(entry.getKey()),
            "seed " + seed);
      }
    }
    for (int s = 0; s < FileBatch.SEGMENTS; s++) {
      bytes += holders.segment(s).bytes();
    }
    assertEquals(all.size(), holders.files(), "seed " + seed);
    assertEquals(pairs, holders.pairs(), "seed " + seed);
    assertEquals(bytes, holders.segmentBytes(), "seed " + seed);
  }

  @Test
  void snapshot_afterALaterChange_isAsItWas() {
    Holders before = reindex.replace(Holders.none(1), 0, batch(List.of(id(1), id(2)), 1));
    Holders after = reindex.change(before, 0, batch(List.of(id(1)), 1), batch(List.of(id(3)), 1));
    Holders replaced = reindex.replace(after, 0, batch(List.of(), 1));
    assertTrue(before.holders(id(1)).has(0) && !before.holders(id(3)).has(0));
    assertTrue(after.holders(id(3)).has(0) && !after.holders(id(1)).has(0));
    assertEquals(0, replaced.files());
    assertEquals(2, before.files());
  }

  @Test
  void holds_withoutAHolding_isFalseThoughTheIndexHasIt() {
    Holders indexed = reindex.replace(Holders.none(1), 0, batch(List.of(id(1)), 1));
    assertFalse(indexed.holds(0, id(1)));
    Holders believed = indexed.with(0, new Holding(1, indexed.indexed(0)));
    assertTrue(believed.holds(0, id(1)));
    assertTrue(believed.holdsAll(0, List.of(id(1))));
    assertFalse(believed.holdsAll(0, List.of(id(1), id(2))));
    assertFalse(believed.with(0, null).holds(0, id(1)));
    assertFalse(believed.holds(99, id(1)));
  }

  @Test
  void files_thatComeAndGo_leaveNoSlotsBehind() {
    Holders holders = Holders.none(1);
    for (int round = 0; round < 200; round++) {
      List<ContentId> files = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        files.add(new ContentId(round * 7919L, i));
      }
      holders = reindex.replace(holders, 0, batch(files, 1));
    }
    assertEquals(2000, holders.files());
    assertTrue(holders.bytes() < 2_000_000, "bytes " + holders.bytes());
  }

  private static FileBatch batch(List<ContentId> files, long seed) {
    return new FileBatch(files, seed);
  }

  private static List<ContentId> some(Random random, int universe) {
    List<ContentId> some = new ArrayList<>();
    int share = 1 + random.nextInt(10);
    for (int file = 0; file < universe; file++) {
      if (random.nextInt(share) == 0) {
        some.add(id(file));
        if (random.nextInt(50) == 0) {
          some.add(id(file));
        }
      }
    }
    return some;
  }

  /** High halves that collide, and the id of two zeros: what real ids never look like. */
  private static ContentId id(int file) {
    return new ContentId(file >> 4, file & 15);
  }
}
