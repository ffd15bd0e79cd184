package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import oca.model.ContentId;
import oca.server.fill.Danger.Due;
import org.junit.jupiter.api.Test;

class DangerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T02:00:00Z");
  private static final ContentId A = ContentId.ofPath("a");
  private static final ContentId B = ContentId.ofPath("b");
  private static final ContentId C = ContentId.ofPath("c");

  @Test
  void of_timeEnoughForAll_isNobody() {
    assertEquals(List.of(), of(1, due(A, 1000, 100), due(B, 2000, 100)).files());
    assertEquals(List.of(), of(1).files());
  }

  @Test
  void of_lateOne_isInDangerWithAllThatAreDueBeforeIt() {
    Due[] files = {due(C, 90_000, 10), due(B, 1000, 700), due(A, 900, 100)};
    assertEquals(List.of(A, B), of(1, files).files(), "800 s to fetch, 1000 s left");
    assertEquals(List.of(), of(2, files).files());
    assertEquals(List.of(), of(1, files).late());
  }

  @Test
  void of_overdue_isInDangerWhateverTheRate() {
    assertEquals(List.of(A), of(1L << 40, due(A, -5, 1)).files());
  }

  @Test
  void of_moreThanCanCome_isLateAndFirstAllTheSame() {
    Danger danger = of(1, due(C, 3000, 500), due(B, 1000, 900), due(A, 900, 200));
    assertEquals(List.of(A, B), danger.files());
    assertEquals(List.of(B), danger.late(), "1100 s to fetch both, 1000 s left");
  }

  @Test
  void of_windowThatClosesBefore_isTheDeadline() {
    Danger danger = Danger.of(List.of(due(A, 9000, 100), due(B, 9500, 50)), NOW, at(120), 1);
    assertEquals(List.of(A, B), danger.files());
    assertEquals(List.of(B), danger.late());
  }

  private static Danger of(long rate, Due... files) {
    return Danger.of(List.of(files), NOW, at(1_000_000), rate);
  }

  private static Instant at(long seconds) {
    return NOW.plusSeconds(seconds);
  }

  private static Due due(ContentId file, long seconds, long bytes) {
    return new Due(file, NOW.plusSeconds(seconds), bytes);
  }
}
