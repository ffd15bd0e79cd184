package oca.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.protocol.flight.Cause;
import oca.protocol.flight.SloConfig;
import oca.server.http.FirstBytes;
import oca.server.range.Outcome;
import org.junit.jupiter.api.Test;

class AnswersObjectiveTest {
  private static final long SECOND = 1_000_000_000;

  private final long[] counts = new long[3];
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private long nanos;
  private final AnswersObjective objective =
      new AnswersObjective(
          SloConfig.DEFAULT,
          () ->
              new FirstBytes.Snapshot(
                  List.of(500_000L, 1_000_000L), List.of(counts[0], counts[1], counts[2]), 0),
          () -> outcomes,
          () -> nanos);

  @Test
  void look_oneOfAHundredLate_isBorneAndMoreIsNot() {
    look();
    answers(9900, 0, 100);
    assertEquals(Optional.empty(), look());
    answers(0, 0, 1);
    assertEquals(Optional.of(Cause.FIRST_BYTE), look());
  }

  @Test
  void look_inTheBucketOfTheBound_isInTime() {
    look();
    answers(0, 1000, 0);
    assertEquals(Optional.empty(), look());
  }

  @Test
  void look_longAgo_isForgotten() {
    look();
    answers(100, 0, 100);
    assertEquals(Optional.of(Cause.FIRST_BYTE), look());
    for (int i = 0; i < 9; i++) {
      answers(1, 0, 0);
      assertEquals(Optional.of(Cause.FIRST_BYTE), look(), "second " + i);
    }
    answers(200, 0, 0);
    assertEquals(Optional.empty(), look());
  }

  @Test
  void look_fewAnswers_saysNothing() {
    look();
    answers(0, 0, 99);
    outcomes.put(Outcome.BUSY, 99L);
    assertEquals(Optional.empty(), look());
  }

  @Test
  void look_manyOf5xx_isErrors() {
    look();
    outcomes.put(Outcome.PART, 980L);
    outcomes.put(Outcome.NOT_HERE, 1000L);
    outcomes.put(Outcome.BUSY, 40L);
    assertEquals(Optional.empty(), look());
    outcomes.put(Outcome.FAULT, 1L);
    assertEquals(Optional.of(Cause.ERRORS), look());
  }

  private void answers(long fast, long near, long late) {
    counts[0] += fast;
    counts[1] += near;
    counts[2] += late;
  }

  private Optional<Cause> look() {
    nanos += SECOND;
    return objective.look();
  }
}
