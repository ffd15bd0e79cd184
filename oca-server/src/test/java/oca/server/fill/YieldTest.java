package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import oca.server.fill.Yield.Step;
import org.junit.jupiter.api.Test;

class YieldTest {
  private static final double FLOOR = 0.1;
  private static final YieldConfig CONFIG =
      new YieldConfig(0.8, 0.6, Duration.ofMillis(30), 8, FLOOR, Duration.ofSeconds(1));
  private static final long MILLI = 1_000_000;

  private final Yield yield = new Yield(CONFIG);

  @Test
  void look_scarceLine_fallsFastToTheFloorAndRisesSlowly() {
    assertEquals(Step.LINE, yield.look(ViewerLoad.ofShare(0.9)));
    assertEquals(0.75, yield.share(), 1e-9);
    for (int i = 0; i < 20; i++) {
      yield.look(ViewerLoad.ofShare(0.9));
    }
    assertEquals(FLOOR, yield.share(), 1e-9);
    assertEquals(Step.NONE, yield.look(ViewerLoad.ofShare(0.9)), "it is as low as it may be");
    assertEquals(Step.NONE, yield.look(ViewerLoad.ofShare(0.1)));
    assertEquals(FLOOR + 0.02, yield.share(), 1e-9);
  }

  @Test
  void look_viewersThatWaitForDisks_slowItDownByTheMeanSinceTheLastLook() {
    assertEquals(Step.NONE, yield.look(disk(10, 10 * 10 * MILLI, 0)));
    assertEquals(Step.DISK, yield.look(disk(12, 200 * MILLI, 0)), "two waits of 50 ms");
    assertEquals(0.75, yield.share(), 1e-9);
    assertEquals(
        Step.NONE, yield.look(disk(13, 220 * MILLI, 0)), "20 ms: neither slow nor at rest");
    assertEquals(0.75, yield.share(), 1e-9);
    assertEquals(Step.NONE, yield.look(disk(13, 220 * MILLI, 0)), "nobody waits");
    assertEquals(0.77, yield.share(), 1e-9);
  }

  @Test
  void look_readsThatPileUp_slowItDownBeforeOneIsDone() {
    assertEquals(Step.DISK, yield.look(disk(0, 0, 9)));
    assertEquals(Step.NONE, yield.look(disk(0, 0, 8)), "at the bound it stays");
    assertEquals(0.75, yield.share(), 1e-9);
  }

  @Test
  void look_noNumber_saysNothing() {
    yield.look(ViewerLoad.ofShare(0.9));
    assertEquals(Step.NONE, yield.look(ViewerLoad.ofShare(Double.NaN)));
    assertEquals(0.75, yield.share(), 1e-9);
  }

  @Property
  void look_whateverIsSeen_staysBetweenFloorAndAll(
      @ForAll @DoubleRange(min = 0, max = 2) double[] shares,
      @ForAll @LongRange(min = -1_000_000, max = 1_000_000_000_000L) long nanos,
      @ForAll @IntRange(min = 0, max = 1000) int queued) {
    Yield any = new Yield(CONFIG);
    long waits = 0;
    for (double share : shares) {
      any.look(new ViewerLoad(share, ++waits, nanos, queued));
      assertTrue(any.share() >= FLOOR && any.share() <= 1, "" + any.share());
    }
  }

  private static ViewerLoad disk(long waits, long nanos, int queued) {
    return new ViewerLoad(0.1, waits, nanos, queued);
  }
}
