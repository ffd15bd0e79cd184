package oca.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import oca.fill.causes.Attribution;
import oca.fill.demand.Tally;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each key by itself gives what the controller gives, whenever it is looked at and restored. */
class PlainRunTest {
  private static final Instant BASE = Instant.parse("2026-11-01T11:40:00Z");

  @TempDir Path folder;

  @Test
  void log_byKeys_givesWhatTheControllerGives() throws Exception {
    compare(1, 600);
  }

  @Tag("flink")
  @ParameterizedTest
  @ValueSource(longs = {2, 3, 4, 5})
  void longLog_byKeys_givesWhatTheControllerGives(long seed) throws Exception {
    compare(seed, 1500);
  }

  private void compare(long seed, int seconds) throws Exception {
    MadeLog log = new MadeLog(seed, BASE, seconds);
    Answers expected = InProcess.take(log, folder);
    Answers found = PlainRun.take(log, seed);
    assertEquals("", InProcess.differences(expected, found), "controller / keys, seed " + seed);
    assertTrue(expected.bytes() > 0 && !expected.demand().isEmpty());
    assertEquals(expected.counts().get("misses.bytes"), expected.bytes());
    // Else the log would not tell whether these are the same.
    for (String name :
        List.of(
            Counted.MALFORMED,
            Counted.REFUSED,
            Tally.Count.DUPLICATE_BATCHES.key(),
            Tally.Count.UNKNOWN_FILES.key(),
            Tally.Count.UNKNOWN_REGIONS.key(),
            Tally.Count.EXCLUDED.key(),
            Tally.Count.OUTSIDE_HISTORY.key(),
            Counted.MISSES + Attribution.Count.REPEATED_BATCHES.label(),
            Counted.MISSES + Attribution.Count.MALFORMED.label(),
            Counted.MISSES + Attribution.Count.FUTURE.label(),
            Counted.MISSES + Attribution.Count.LATE.label(),
            Counted.MISSES + Attribution.Count.ANSWERS_REFUSED.label(),
            Counted.MISSES + Attribution.Count.UNKNOWN_SERVERS.label())) {
      assertTrue(expected.counts().getOrDefault(name, 0L) > 0, "none in the log: " + name);
    }
    assertTrue(expected.misses().keySet().stream().map(it -> it.label()).distinct().count() > 6);
  }
}
