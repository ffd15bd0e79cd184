package oca.store.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeladyTest {
  @TempDir private Path folder;

  @Test
  void play_tinyTracesOfEqualSizes_isTheBestOfAllChoices() throws Exception {
    for (long seed = 1; seed <= 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int[] asked = random.ints(12, 0, 5).toArray();
      Trace trace =
          sink -> {
            for (int i = 0; i < asked.length; i++) {
              sink.request(i, 0, asked[i], 1);
            }
          };
      try (Recording recording = Recording.of(trace, folder);
          Belady belady = Belady.of(recording)) {
        assertEquals(best(asked, 0, 0), belady.play(2).hits(), "seed " + seed);
      }
    }
  }

  /** Tries every eviction and every bypass, with room for two. */
  private static long best(int[] asked, int at, int held) {
    if (at == asked.length) {
      return 0;
    }
    int bit = 1 << asked[at];
    if ((held & bit) != 0) {
      return 1 + best(asked, at + 1, held);
    }
    long most = best(asked, at + 1, held);
    if (Integer.bitCount(held) < 2) {
      return Math.max(most, best(asked, at + 1, held | bit));
    }
    for (int out = held; out != 0; out &= out - 1) {
      int without = held & ~Integer.lowestOneBit(out);
      most = Math.max(most, best(asked, at + 1, without | bit));
    }
    return most;
  }
}
