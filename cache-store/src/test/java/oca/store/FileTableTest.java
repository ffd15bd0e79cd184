package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import oca.store.disk.ContentFile;
import org.junit.jupiter.api.Test;

/** The table against a map, and readers against its one writer. */
class FileTableTest {
  private final FileTable table = new FileTable();

  @Property(tries = 200)
  void changes_inAnyOrder_leaveWhatAMapWouldHold(
      @ForAll @Size(max = 400) List<@IntRange(min = -60, max = 60) Integer> steps) {
    FileTable own = new FileTable();
    Map<Integer, Entry> model = new HashMap<>();
    for (int step : steps) {
      int number = Math.abs(step);
      if (step >= 0) {
        Entry entry = entry(number);
        own.put(entry);
        model.put(number, entry);
      } else {
        Entry held = model.remove(number);
        assertEquals(held != null, own.remove(held == null ? entry(number) : held));
      }
      assertEquals(model.size(), own.size());
    }
    for (int number = 0; number <= 60; number++) {
      assertSame(model.get(number), own.get(TestContent.key(number)));
    }
    List<Entry> shown = new ArrayList<>();
    own.forEach(shown::add);
    assertEquals(new java.util.HashSet<>(model.values()), new java.util.HashSet<>(shown));
    assertEquals(model.size(), shown.size());
  }

  @Test
  void remove_ofAnotherEntryWithTheSameKey_isRefused() {
    Entry entry = entry(1);
    table.put(entry);
    assertFalse(table.remove(entry(1)));
    assertSame(entry, table.get(TestContent.key(1)));
    assertTrue(table.remove(entry));
    assertNull(table.get(TestContent.key(1)));
  }

  @Test
  void get_whileOthersComeAndGo_alwaysFindsWhatStays() throws Exception {
    long seed = System.nanoTime();
    System.out.println("FileTableTest seed " + seed);
    Entry[] stay = new Entry[100];
    for (int i = 0; i < stay.length; i++) {
      stay[i] = entry(i);
      table.put(stay[i]);
    }
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong wrong = new AtomicLong();
    AtomicLong looks = new AtomicLong();
    List<Thread> readers = new ArrayList<>();
    for (int reader = 0; reader < 2; reader++) {
      readers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; !stop.get(); i = (i + 1) % stay.length) {
                      if (table.get(TestContent.key(i)) != stay[i]) {
                        wrong.incrementAndGet();
                      }
                      Entry comes = table.get(TestContent.key(1_000 + i));
                      if (comes != null && comes.low() != 1_000 + i) {
                        wrong.incrementAndGet();
                      }
                      looks.incrementAndGet();
                    }
                  }));
    }
    SplittableRandom random = new SplittableRandom(seed);
    Map<Integer, Entry> model = new HashMap<>();
    for (int round = 0; round < 300_000 || looks.get() < 100_000; round++) {
      int number = 1_000 + random.nextInt(300);
      Entry held = model.remove(number);
      if (held == null) {
        Entry entry = entry(number);
        model.put(number, entry);
        table.put(entry);
      } else {
        table.remove(held);
      }
    }
    stop.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertEquals(0, wrong.get());
  }

  private static Entry entry(long number) {
    ContentKey key = TestContent.key(number);
    return new StoredFile(
        new ContentFile.Header(
            new UUID(0, 0), key.high(), key.low(), 1, 4096, "0".repeat(64), "video/mp4", 0),
        null);
  }
}
