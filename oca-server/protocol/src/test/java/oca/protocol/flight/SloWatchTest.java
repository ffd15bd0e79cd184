package oca.protocol.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SloWatchTest {
  private static final long MILLI = 1_000_000;
  private final SloConfig slo = SloConfig.DEFAULT;
  private long nanos;
  private Optional<Cause> told = Optional.empty();
  private final SloWatch watch =
      new SloWatch(slo, Duration.ofSeconds(1), List.of(() -> told), () -> nanos);

  @Test
  void look_soonAfterTheStart_saysNothing() throws Exception {
    told = Optional.of(Cause.ERRORS);
    pass(59_000);
    assertEquals(Optional.empty(), watch.look());
    pass(1000);
    assertEquals(told, watch.look());
  }

  @Test
  void look_calledLate_isAPause() throws Exception {
    warm();
    pass(1499);
    assertEquals(Optional.empty(), watch.look());
    pass(1501);
    assertEquals(Optional.of(Cause.PAUSE), watch.look());
    pass(1000);
    assertEquals(Optional.empty(), watch.look());
  }

  @Test
  void turning_loopThatDoesNot_isAStall() throws Exception {
    long[] asked = new long[1];
    Objective slow =
        Objective.turning(
            patience -> {
              asked[0] = patience.toMillis();
              return false;
            },
            slo.stall());
    assertEquals(Optional.of(Cause.STALL), slow.look());
    assertEquals(500, asked[0]);
    assertEquals(Optional.empty(), Objective.turning(_ -> true, slo.stall()).look());
  }

  private void warm() throws Exception {
    pass(61_000);
    assertEquals(Optional.of(Cause.PAUSE), watch.look());
  }

  private void pass(long millis) {
    nanos += millis * MILLI;
  }
}
