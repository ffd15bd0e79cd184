package oca.server.purge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Judging while rules come and are folded all the time. */
class PurgesRaceTest {
  private static final PurgeConfig CONFIG = new PurgeConfig(64, 4, 64, 4, 16);
  private static final int PURGES = 300_000;
  private static final int TARGETS = 500;

  private final Purges purges = Purges.empty(CONFIG);
  private final PurgeOrder[] orders = new PurgeOrder[TARGETS];

  /** The generation of the latest purge that has returned. */
  private volatile int returned;

  private volatile boolean over;

  PurgesRaceTest() {
    for (int i = 0; i < TARGETS; i++) {
      Kind kind =
          switch (i % 3) {
            case 0 -> Kind.URL;
            case 1 -> Kind.PREFIX;
            default -> Kind.TAG;
          };
      String target = kind == Kind.TAG ? "t" + i : "/p/" + i + ".";
      orders[i] = new PurgeOrder("s" + i % 4, kind, target, i % 2 == 0, false);
    }
  }

  /** What purge number g is by: one path again and again, hard and soft, or the next of many. */
  private PurgeOrder order(int generation) {
    return generation % 4 == 0
        ? new PurgeOrder("s0", Kind.URL, "/hot", generation % 8 == 0, false)
        : orders[generation % TARGETS];
  }

  @Test
  void judge_afterPurgeReturned_neverSaysValid() throws Exception {
    List<Future<Long>> judges = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 2; i++) {
        long seed = 11L + i;
        System.out.println("seed " + seed);
        judges.add(threads.submit(() -> judge(new Random(seed))));
      }
      for (int g = 1; g <= PURGES; g++) {
        assertEquals(g, purges.purge(order(g)).generation());
        returned = g;
      }
      over = true;
      for (Future<Long> judge : judges) {
        assertTrue(judge.get() > 1000, "judged " + judge.get());
      }
    }
    assertTrue(purges.folded() > PURGES / 3, "folded " + purges.folded());
    assertTrue(purges.size() > 60 && purges.size() <= 64, "remembered " + purges.size());
  }

  /** A hard purge takes back the soft one before it, and nobody may see neither. */
  @Test
  void judge_hardAndSoftByTurns_seesOneOfThem() throws Exception {
    PurgeOrder soft = new PurgeOrder("s", Kind.URL, "/hot", true, false);
    PurgeOrder hard = new PurgeOrder("s", Kind.URL, "/hot", false, false);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Long> judge = threads.submit(this::judgeHot);
      for (int g = 1; g <= 5 * PURGES; g++) {
        assertEquals(g, purges.purge(g % 2 == 0 ? hard : soft).generation());
        returned = g;
      }
      over = true;
      assertTrue(judge.get() > 1000, "judged " + judge.get());
    }
  }

  private long judgeHot() {
    long judged = 0;
    while (!over) {
      int known = returned;
      if (known > 0) {
        Verdict verdict = purges.judge(known - 1, "s", "/hot", Tags.NONE);
        assertTrue(verdict != Verdict.VALID, () -> "purge " + known + " was not seen");
        judged++;
      }
    }
    return judged;
  }

  private long judge(Random random) {
    long judged = 0;
    while (!over) {
      int known = returned;
      // The latest, those that are just being folded, and any.
      int back =
          switch (random.nextInt(3)) {
            case 0 -> random.nextInt(8);
            case 1 -> 60 + random.nextInt(60);
            default -> random.nextInt(1000);
          };
      int generation = known - back;
      if (generation < 1) {
        continue;
      }
      PurgeOrder order = order(generation);
      Tags tags =
          order.kind() == Kind.TAG
              ? Tags.of(List.of("a " + order.target()), List.of(), CONFIG)
              : Tags.NONE;
      String path = order.kind() == Kind.TAG ? "/any" : order.target();
      Verdict verdict = purges.judge(generation - 1, order.service(), path, tags);
      assertTrue(
          order.soft() ? verdict != Verdict.VALID : verdict == Verdict.HARD,
          () -> order + " of " + generation + " at " + known + ": " + verdict);
      long stamp = purges.now();
      assertTrue(stamp >= known, "stamps never go back");
      judged++;
    }
    return judged;
  }
}
