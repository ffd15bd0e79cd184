package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackOffTest {
  private static final Instant NOW = Instant.parse("2026-03-01T02:00:00Z");
  private static final long SECOND = 1_000_000_000;

  private final BackOff backOff = new BackOff();

  @Test
  void note_withoutATime_growsUntilItSendsAgain() {
    backOff.note("o", 0, Duration.ZERO);
    assertEquals(SECOND, backOff.left("o", 0));
    backOff.note("o", SECOND / 2, Duration.ZERO);
    assertEquals(SECOND, backOff.left("o", 0), "was asked before it had said so");
    backOff.note("o", SECOND, Duration.ZERO);
    assertEquals(2 * SECOND, backOff.left("o", SECOND));
    long now = SECOND;
    for (int i = 0; i < 20; i++) {
      now += backOff.left("o", now);
      backOff.note("o", now, Duration.ZERO);
    }
    assertEquals(64 * SECOND, backOff.left("o", now), "and no farther");
    backOff.sent("o");
    assertEquals(0, backOff.left("o", now));
    backOff.note("o", now, Duration.ZERO);
    assertEquals(SECOND, backOff.left("o", now));
  }

  @Test
  void note_withATime_isThatAndNobodyElses() {
    backOff.note("o", 0, Duration.ofSeconds(7));
    assertEquals(7 * SECOND, backOff.left("o", 0));
    assertEquals(0, backOff.left("p", 0));
    assertEquals(1, backOff.noted());
  }

  @Test
  void note_moreThanItKnows_forgetsTheOldest() {
    for (int i = 0; i <= BackOff.MOST; i++) {
      backOff.note("o-" + i, 0, Duration.ZERO);
    }
    assertEquals(0, backOff.left("o-0", 0));
    assertTrue(backOff.left("o-1", 0) > 0);
  }

  @Test
  void retryAfter_secondsDatesAndNonsense_areToldApart() {
    assertEquals(Duration.ofSeconds(17), retryAfter("17"));
    assertEquals(Duration.ofSeconds(30), retryAfter("Sun, 01 Mar 2026 02:00:30 GMT"));
    assertEquals(Duration.ZERO, retryAfter("Sun, 01 Mar 2026 01:00:30 GMT"));
    assertEquals(RetryAfter.MOST, retryAfter("999999999"));
    assertEquals(Duration.ZERO, retryAfter("9999999999"));
    assertEquals(Duration.ZERO, retryAfter("soon"));
    assertEquals(Duration.ZERO, retryAfter("-5"));
  }

  private static Duration retryAfter(String value) {
    return RetryAfter.of(
        HttpHeaders.of(Map.of("Retry-After", List.of(value)), (_, _) -> true), NOW);
  }
}
