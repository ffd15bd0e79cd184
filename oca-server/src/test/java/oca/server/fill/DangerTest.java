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
    assertEquals(List.of(), Danger.of(List.of(due(A, 1000, 100), due(B, 2000, 100)), NOW, 1));
    assertEquals(List.of(), Danger.of(List.of(), NOW, 1));
  }

  @Test
  void of_lateOne_isInDangerWithAllThatAreDueBeforeIt() {
    List<Due> files = List.of(due(C, 90_000, 10), due(B, 1000, 700), due(A, 900, 100));
    assertEquals(List.of(A, B), Danger.of(files, NOW, 1), "800 s to fetch, 1000 s left");
    assertEquals(List.of(), Danger.of(files, NOW, 2));
  }

  @Test
  void of_overdue_isInDangerWhateverTheRate() {
    assertEquals(List.of(A), Danger.of(List.of(due(A, -5, 1)), NOW, 1L << 40));
  }

  private static Due due(ContentId file, long seconds, long bytes) {
    return new Due(file, NOW.plusSeconds(seconds), bytes);
  }
}
