package oca.store.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import oca.store.FileLease;
import oca.store.disk.MemoryDisk;

/** Whatever is written in whatever order, readable is what an array of fronts would say. */
class ReadableModelTest {
  // A step is a number below 20,000: of a slice, of four places in it, and of up to 1,000 sizes.
  private static final int SLICES = 5;
  private static final int LENGTH = (SLICES - 1) * PullProbe.SLICE + 777;

  @Property(tries = 150)
  void readable_afterAnyWrites_isWhatTheModelSays(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 19_999) Integer> steps,
      @ForAll boolean known)
      throws Exception {
    try (PullStore store = PullProbe.open(PullProbe.config(Path.of("/pull")), new MemoryDisk())) {
      PulledObject object = PullProbe.admit(store, 1, known ? LENGTH : PulledObject.UNKNOWN);
      int[] fronts = new int[SLICES];
      for (int step : steps) {
        int slice = step % SLICES;
        long start = (long) slice * PullProbe.SLICE;
        long offset =
            switch (step / SLICES % 4) {
              case 0 -> start;
              case 1 -> start + fronts[slice] / 2;
              case 2 -> start + fronts[slice] + 1;
              default -> start + fronts[slice];
            };
        int count = 1 + step / SLICES / 4 * 23;
        if (offset + count > LENGTH) {
          continue;
        }
        boolean expected = write(fronts, offset, count);
        IOException how = PullProbe.write(object, offset, count);
        assertEquals(expected, how == null, () -> "steps " + steps + " at " + offset);
        check(object, fronts, offset, steps);
      }
      if (!known) {
        object.finish(LENGTH);
        PullProbe.settle(object);
      }
      check(object, fronts, 0, steps);
      int whole = 0;
      for (int slice = 0; slice < SLICES; slice++) {
        int all = slice == SLICES - 1 ? LENGTH % PullProbe.SLICE : PullProbe.SLICE;
        assertEquals(fronts[slice] == all, object.wholeSlices().get(slice), () -> "" + steps);
        assertEquals(fronts[slice] == all, object.verify(slice));
        whole += fronts[slice] == all ? 1 : 0;
      }
      assertEquals(whole == SLICES, object.isWhole());
    }
  }

  /** False when it leaves a gap; what lies before it is written. */
  private static boolean write(int[] fronts, long offset, int count) {
    for (long at = offset; at < offset + count; at++) {
      int slice = (int) (at / PullProbe.SLICE);
      int inSlice = (int) (at % PullProbe.SLICE);
      if (inSlice > fronts[slice]) {
        return false;
      }
      fronts[slice] = Math.max(fronts[slice], inSlice + 1);
    }
    return true;
  }

  private static void check(PulledObject object, int[] fronts, long around, List<Integer> steps)
      throws IOException {
    try (FileLease lease = object.lease()) {
      for (long from : new long[] {0, around, around + 1, around / 2, LENGTH - 1, LENGTH}) {
        assertEquals(readable(fronts, from), object.readable(from), () -> steps + " from " + from);
        PullProbe.compare(object, lease, from);
      }
    }
  }

  private static long readable(int[] fronts, long from) {
    long at = from;
    while (at / PullProbe.SLICE < SLICES
        && at % PullProbe.SLICE < fronts[(int) (at / PullProbe.SLICE)]) {
      at++;
    }
    return at - from;
  }
}
