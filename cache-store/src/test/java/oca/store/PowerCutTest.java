package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import oca.store.disk.BlockChecksums;
import oca.store.disk.MemoryDisk;
import oca.store.disk.PowerCut;
import oca.store.disk.RecordingDisk;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Cuts the power after each step that a store takes on its disk, and opens what may be left: see
 * {@link PowerCut} for what that is. Whatever is left, what was committed is there, no byte is
 * wrong, nothing goes to quarantine, every file can be completed, and the room is counted right.
 */
class PowerCutTest {
  private static final Path VOLUME = Path.of("/disk");
  private static final long ROOM = 30 * 4096;
  private static final int STATES = 10_000;
  private static final int MOST_TRIES = 400;
  private static final PowerCut.Left[] LEFT = PowerCut.Left.values();

  private final RecordingDisk disk = new RecordingDisk(new MemoryDisk());

  private final List<TestContent> contents =
      List.of(
          TestContent.of(0, 3 * 4096 + 100),
          TestContent.of(1, 5 * 4096),
          TestContent.of(2, 4 * 4096 - 1),
          TestContent.of(3, 2 * 4096 + 1),
          TestContent.of(4, 3 * 4096),
          TestContent.of(5, 8 * 4096 + 17),
          TestContent.of(6, 700),
          TestContent.of(7, 0));

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void store_afterAPowerCutAtAnyStep_isRight() throws IOException {
    cutEverywhere(STATES / 4, PowerCutTest::script);
  }

  @Tag("long")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  @Test
  void store_afterAPowerCutAtAnyStepInManyWays_isRight() throws IOException {
    cutEverywhere(2 * STATES, PowerCutTest::script);
  }

  private interface Script {
    void run(PowerCutTest test, SplittableRandom random) throws IOException;
  }

  /** Fills, resumes, evicts, removes, verifies and closes, and once more. */
  private static void script(PowerCutTest test, SplittableRandom random) throws IOException {
    try (DiskStore store = StoreProbe.open(test.disk, ROOM, VOLUME)) {
      test.commit(store, 0, false);
      test.part(store, 1, true, 3);
      test.commit(store, 2, true);
      test.commit(store, 1, true);
      test.mismatch(store, 3);
      test.part(store, 4, false, 1);
      test.gone(2);
      store.remove(test.contents.get(2).key());
      StoreProbe.until("it is off the disk", () -> StoreProbe.leaving(store) == 0);
      test.scattered(store, 3, random);
      store.pin(Set.of(TestContent.key(1), TestContent.key(3), TestContent.key(4)));
      test.gone(0);
      test.commit(store, 5, true);
      test.commit(store, 6, false);
      test.commit(store, 7, false);
      for (TestContent content : test.contents) {
        store.verify(content.key());
      }
    }
    try (DiskStore store = StoreProbe.open(test.disk, ROOM, VOLUME)) {
      StoreProbe.awaitRecovered(store);
      assertEquals(StoreProbe.Seen.HIT, StoreProbe.look(store, test.contents.get(1)));
      test.part(store, 4, true, 2);
      test.gone(5);
      store.remove(test.contents.get(5).key());
      StoreProbe.until("it is off the disk", () -> StoreProbe.leaving(store) == 0);
      test.commit(store, 4, true);
    }
  }

  private void cutEverywhere(int states, Script script) throws IOException {
    long seed = Long.getLong("oca.powercut.seed", System.nanoTime());
    System.out.println("PowerCutTest: -Doca.powercut.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    disk.makeFolder(VOLUME);
    disk.syncFolder(VOLUME.getParent());
    int first = disk.log().size();
    script.run(this, random);
    List<RecordingDisk.Step> log = disk.log();
    int open = unsettled(log, first);
    Set<Long> seen = new HashSet<>();
    PowerCut cut = new PowerCut(log);
    for (int length = first, step = 0; length <= log.size(); length++) {
      cut.moveTo(length);
      step += cut.isSettled() ? 0 : 1;
      // What earlier steps did not find, for want of chances, later ones make up for.
      long due = Math.max(seen.size() + 1L, (long) states * step / open);
      for (int variant = 0; variant < MOST_TRIES && seen.size() < due; variant++) {
        PowerCut.Left left = LEFT[variant % LEFT.length];
        long dice = random.nextLong();
        MemoryDisk state = cut.disk(left, dice);
        if (seen.add(31 * state.fingerprint() + cut.remarks().size())) {
          check(cut, left, dice, state);
        }
      }
    }
    System.out.printf(
        "PowerCutTest: %d steps, %d different states%n", log.size() - first, seen.size());
    assertTrue(seen.size() >= states, "too few states differ: " + seen.size());
  }

  /** How many steps leave something to chance. */
  private static int unsettled(List<RecordingDisk.Step> log, int first) {
    PowerCut cut = new PowerCut(log);
    int unsettled = 0;
    for (int length = first; length <= log.size(); length++) {
      cut.moveTo(length);
      unsettled += cut.isSettled() ? 0 : 1;
    }
    return unsettled;
  }

  private void check(PowerCut cut, PowerCut.Left left, long dice, MemoryDisk state) {
    String where = "%s after step %d, dice %d".formatted(left, cut.length(), dice);
    try {
      Set<Integer> due = due(cut.remarks());
      try (DiskStore store = StoreProbe.open(state, 1 << 20, VOLUME)) {
        StoreProbe.awaitRecovered(store);
        for (int i = 0; i < contents.size(); i++) {
          StoreProbe.Seen found = StoreProbe.look(store, contents.get(i));
          assertTrue(
              found == StoreProbe.Seen.HIT || (found == StoreProbe.Seen.MISS && !due.contains(i)),
              "content " + i + " was committed, and is found as " + found);
        }
        complete(store);
        assertEquals(0, store.status().volumes().get(0).quarantined());
        assertEquals(0, store.status().volumes().get(0).errors());
        StoreProbe.until(
            "what was dropped is gone", () -> used(store) == StoreProbe.footprint(contents));
      }
      assertEquals(0, state.openChannels());
    } catch (IOException | AssertionError e) {
      throw new AssertionError(where, e);
    }
  }

  /** Completes what is not here, and compares all. */
  private void complete(DiskStore store) throws IOException {
    for (int i = 0; i < contents.size(); i++) {
      TestContent content = contents.get(i);
      if (StoreProbe.look(store, content) == StoreProbe.Seen.MISS) {
        StoreProbe.fill(store, StoreProbe.request(content, i % 2 == 1), content);
        assertEquals(StoreProbe.Seen.HIT, StoreProbe.look(store, content));
      }
      assertEquals(Verification.WHOLE, store.verify(content.key()));
    }
  }

  private static long used(DiskStore store) {
    return store.status().usedBytes();
  }

  /** What must be there: committed, and nothing done since that takes it away. */
  private static Set<Integer> due(List<String> remarks) {
    Set<Integer> due = new HashSet<>();
    for (String remark : remarks) {
      int content = Integer.parseInt(remark.substring(remark.indexOf(' ') + 1));
      if (remark.startsWith("committed")) {
        due.add(content);
      } else {
        due.remove(content);
      }
    }
    return due;
  }

  private void commit(DiskStore store, int number, boolean announced) throws IOException {
    TestContent content = contents.get(number);
    StoreProbe.fill(store, StoreProbe.request(content, announced), content);
    disk.remark("committed " + number);
  }

  private void gone(int number) {
    disk.remark("gone " + number);
  }

  /** Fills some blocks and leaves the rest for later. */
  private void part(DiskStore store, int number, boolean announced, int blocks) throws IOException {
    TestContent content = contents.get(number);
    try (FillSession session = StoreProbe.admit(store, StoreProbe.request(content, announced))) {
      StoreProbe.append(session, content, blocks * StoreProbe.BLOCK + 1000);
    }
  }

  /** Fills blocks out of order and from two sources, and commits. */
  private void scattered(DiskStore store, int number, SplittableRandom random) throws IOException {
    TestContent content = contents.get(number);
    try (FillSession session = StoreProbe.admit(store, StoreProbe.request(content, true))) {
      long blocks = BlockChecksums.blocks(content.bytes().length, StoreProbe.BLOCK);
      long last = random.nextLong(blocks);
      StoreProbe.write(session, content, last);
      session.from(StoreProbe.from("peer-1", 1));
      for (long block = 0; block < blocks; block++) {
        StoreProbe.write(session, content, block);
      }
      session.commit();
    }
    disk.remark("committed " + number);
  }

  /** Fills with bytes that are not the announced ones. */
  private void mismatch(DiskStore store, int number) throws IOException {
    TestContent content = contents.get(number);
    try (FillSession session = StoreProbe.admit(store, StoreProbe.request(content, false))) {
      session.append(ByteBuffer.allocate(content.bytes().length));
      assertThrows(DigestMismatchException.class, session::commit);
    }
  }
}
