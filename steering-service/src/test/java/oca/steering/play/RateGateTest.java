package oca.steering.play;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RateGateTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void pass_aSecondsWorthAtOnce_isLetThroughAndThenNoMore() {
    RateGate gate = new RateGate(10, 0);
    for (int i = 0; i < 10; i++) {
      assertTrue(gate.pass(0));
    }
    assertFalse(gate.pass(0));
    assertTrue(gate.pass(SECOND / 10));
    assertFalse(gate.pass(SECOND / 10));
  }

  @Test
  void pass_afterALongPause_isASecondsWorthAgain() {
    RateGate gate = new RateGate(5, 0);
    int passed = 0;
    for (int i = 0; i < 100; i++) {
      passed += gate.pass(3600 * SECOND) ? 1 : 0;
    }
    assertEquals(5, passed);
  }

  @Property
  void pass_anyTimes_neverMoreThanTheRateAndOneSecond(
      @ForAll @IntRange(min = 1, max = 50) int perSecond,
      @ForAll @Size(max = 300) List<@IntRange(max = 100_000_000) Integer> gaps) {
    RateGate gate = new RateGate(perSecond, 0);
    long now = 0;
    int passed = 0;
    for (int gap : gaps) {
      now += gap;
      passed += gate.pass(now) ? 1 : 0;
    }
    assertTrue(passed <= perSecond + now * perSecond / SECOND + 1);
  }
}
