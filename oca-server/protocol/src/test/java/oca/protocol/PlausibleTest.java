package oca.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import oca.model.ContentId;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;

class PlausibleTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final ContentId FILE = ContentId.ofPath("aurora/v0.mp4");
  private static final long MONTH_MICROS = 31L * 86_400 * 1_000_000;

  @Test
  void isServed_atAndBeyondEachLimit_isTrueAndFalse() {
    assertTrue(Plausible.isServed(served(NOW, "10.0.0.0", Plausible.MOST_BYTES, MONTH_MICROS)));
    assertTrue(Plausible.isServed(served(Instant.EPOCH, "x".repeat(256), -1, -1)));
    assertFalse(Plausible.isServed(served(NOW, "10.0.0.0", Plausible.MOST_BYTES + 1, 1)));
    assertFalse(Plausible.isServed(served(NOW, "10.0.0.0", 1, MONTH_MICROS + 1)));
    assertFalse(Plausible.isServed(served(NOW, "x".repeat(257), 1, 1)));
    assertFalse(Plausible.isServed(served(Instant.EPOCH.minusNanos(1), "10.0.0.0", 1, 1)));
    assertFalse(Plausible.isServed(served(Instant.parse("3000-01-01T00:00:00Z"), "a", 1, 1)));
  }

  @Test
  void isAnswered_atAndBeyondEachLimit_isTrueAndFalse() {
    long year = 366L * 86_400;
    for (long ttl : List.of(0L, year)) {
      assertTrue(Plausible.isAnswered(answered(NOW, ttl, "aurora")));
    }
    for (long ttl : List.of(-1L, year + 1)) {
      assertFalse(Plausible.isAnswered(answered(NOW, ttl, "aurora")));
    }
    assertFalse(Plausible.isAnswered(answered(Instant.MAX, 30, "aurora")));
    assertFalse(Plausible.isAnswered(answered(NOW, 30, "x".repeat(4097))));
  }

  @Test
  void isFilled_atAndBeyondEachLimit_isTrueAndFalse() {
    assertTrue(Plausible.isFilled(filled(NOW, Plausible.MOST_BYTES, 1)));
    assertFalse(Plausible.isFilled(filled(NOW, Plausible.MOST_BYTES + 1, 1)));
    assertFalse(Plausible.isFilled(filled(NOW, -1, 1)));
    assertFalse(Plausible.isFilled(filled(NOW, 1, -1)));
    assertFalse(Plausible.isFilled(filled(Instant.MIN, 1, 1)));
  }

  @Test
  void isNumbered_atAndBeyondEachLimit_isTrueAndFalse() {
    assertEquals(
        List.of(true, true, false, false, false),
        List.of(
            Plausible.isNumbered(1, 0),
            Plausible.isNumbered(7, Plausible.MOST_DROPPED),
            Plausible.isNumbered(7, Plausible.MOST_DROPPED + 1),
            Plausible.isNumbered(0, 0),
            Plausible.isNumbered(Long.MAX_VALUE, 0)));
  }

  private static ServeRecord served(Instant at, String client, long bytes, long micros) {
    return new ServeRecord(at, FILE, client, 206, 0, bytes, true, micros, "part");
  }

  private static SteeringRecord answered(Instant at, long ttl, String key) {
    return new SteeringRecord(
        at,
        1,
        null,
        "10.0.0.0",
        "10.0.0.0/8",
        key,
        FILE,
        new SiteId("north"),
        List.of(),
        List.of(),
        0,
        ttl,
        0,
        false,
        "v");
  }

  private static FillReport.Result filled(Instant at, long bytes, long master) {
    return new FillReport.Result(
        at,
        1,
        FILE,
        true,
        FillReport.Source.ORIGIN,
        bytes,
        0,
        "",
        Map.of(FillReport.OriginReason.MASTER, master),
        List.of());
  }
}
