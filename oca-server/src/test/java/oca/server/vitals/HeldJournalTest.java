package oca.server.vitals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.InventoryDelta;
import oca.protocol.InventoryDigest;
import org.junit.jupiter.api.Test;

class HeldJournalTest {
  private final Set<ContentId> held = new LinkedHashSet<>();
  private long storeVersion;
  private long nanos;
  private long lookTakes;

  @Test
  void look_unchangedStore_keepsTheVersion() {
    HeldJournal journal = journal(10);
    assertEquals(new HeldJournal.Mark(1, InventoryDigest.EMPTY), journal.look());
    add(1);
    HeldJournal.Mark mark = journal.look();
    assertEquals(new HeldJournal.Mark(2, InventoryDigest.of(held)), mark);
    storeVersion++;
    assertEquals(mark, journal.look(), "the store counts on, the set is the same");
  }

  @Test
  void since_fileThatCameAndWent_isInNeitherList() {
    HeldJournal journal = journal(10);
    add(1);
    journal.look();
    add(2);
    journal.look();
    remove(2);
    add(3);
    journal.look();
    InventoryDelta delta = journal.since(2).orElseThrow();
    assertEquals(List.of(id(3)), delta.added());
    assertEquals(List.of(), delta.removed());
    assertEquals(Optional.empty(), journal.since(4), "nothing is newer");
    assertEquals(Optional.empty(), journal.since(0), "never was");
  }

  @Test
  void since_beyondTheJournal_isNotKnown() {
    HeldJournal journal = journal(2);
    for (int i = 1; i <= 4; i++) {
      add(i);
      journal.look();
    }
    assertEquals(5, journal.look().version());
    assertTrue(journal.since(3).isPresent());
    assertEquals(Optional.empty(), journal.since(2));
  }

  @Test
  void since_moreThanTheWhole_isNotTold() {
    HeldJournal journal = journal(100);
    for (int i = 1; i <= 4; i++) {
      add(i);
    }
    journal.look();
    for (int i = 1; i <= 3; i++) {
      remove(i);
    }
    journal.look();
    assertEquals(Optional.empty(), journal.since(2), "three files went, one is left");
  }

  @Test
  void look_afterAnExpensiveOne_waits() {
    HeldJournal journal = journal(10);
    lookTakes = 1000;
    add(1);
    journal.look();
    lookTakes = 0;
    add(2);
    assertEquals(2, journal.look().version());
    nanos += 19_999;
    assertEquals(2, journal.look().version());
    nanos += 1;
    assertEquals(3, journal.look().version());
  }

  /** From whatever version a delta starts, it leads to what is held, and the digest says so. */
  @Property(tries = 300)
  void since_anyHistory_leadsFromThenToNow(@ForAll long seed) {
    Random random = new Random(seed);
    HeldJournal journal = journal(random.nextInt(30));
    Map<Long, Set<ContentId>> history = new HashMap<>(Map.of(1L, Set.of()));
    for (int step = random.nextInt(40); step > 0; step--) {
      for (int i = random.nextInt(4); i > 0; i--) {
        int file = random.nextInt(12);
        if (random.nextBoolean()) {
          add(file);
        } else {
          remove(file);
        }
      }
      HeldJournal.Mark mark = journal.look();
      assertEquals(InventoryDigest.of(held), mark.digest(), "seed " + seed);
      history.put(mark.version(), Set.copyOf(held));
      assertEquals(held, new HashSet<>(journal.inventory().held()), "seed " + seed);
    }
    long now = journal.look().version();
    for (Map.Entry<Long, Set<ContentId>> then : history.entrySet()) {
      Optional<InventoryDelta> delta = journal.since(then.getKey());
      if (delta.isPresent()) {
        List<ContentId> set = new ArrayList<>(then.getValue());
        assertTrue(set.containsAll(delta.get().removed()), "seed " + seed);
        set.removeAll(delta.get().removed());
        set.addAll(delta.get().added());
        assertEquals(held, new HashSet<>(set), "seed " + seed);
        assertEquals(held.size(), set.size(), "seed " + seed);
        assertEquals(now, delta.get().toVersion());
      }
    }
    held.clear();
  }

  private HeldJournal journal(int maxFiles) {
    return new HeldJournal(
        new ApplianceId("north-1"),
        "boot",
        () -> storeVersion,
        () -> {
          nanos += lookTakes;
          return List.copyOf(held);
        },
        maxFiles,
        () -> nanos);
  }

  private void add(int file) {
    held.add(id(file));
    storeVersion++;
  }

  private void remove(int file) {
    held.remove(id(file));
    storeVersion++;
  }

  /** Id 0 is that of two zeros. */
  private static ContentId id(int file) {
    return new ContentId(0, file);
  }
}
