package oca.store.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import oca.store.evict.EvictionPolicies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FootprintTraceTest {
  static final Path DESCRIPTOR =
      Path.of("src/test/resources/traces/tragen/byte_footprint_desc_all.txt");
  // The curve of the real trace, by gigabytes of cache.
  private static final int[] GIGABYTES = {1, 5, 10, 20, 50, 100};
  private static final double[] LRU_BYTE_HITS = {.200, .352, .424, .491, .562, .601};
  private static final double SCALE = 0.1;

  @TempDir private Path folder;

  /**
   * A tenth of the requests over a tenth of the room; what is cold at first costs the large ones.
   */
  @Test
  void tell_tenthOfTheTrace_hasTheLruCurveOfTheRealOne() throws Exception {
    for (long seed = 1; seed <= 3; seed++) {
      try (Recording made =
          Recording.of(FootprintTrace.of(DESCRIPTOR, seed, 100_000, SCALE), folder)) {
        for (int i = 0; i < GIGABYTES.length; i++) {
          long capacity = (long) (GIGABYTES[i] * 1e9 * SCALE);
          Outcome lru = PolicyRun.play(made, capacity, EvictionPolicies.LRU, seed);
          double hits = lru.byteHits() / (double) made.bytes();
          assertEquals(LRU_BYTE_HITS[i], hits, 0.025, GIGABYTES[i] + " GB, seed " + seed);
        }
      }
    }
  }

  @Test
  void of_noDescriptor_isRefused() throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.txt"), "1 2\n");
    TraceException e = assertThrows(TraceException.class, () -> FootprintTrace.of(bad, 1, 1000, 1));
    assertTrue(e.getMessage().startsWith(bad + ": not a footprint descriptor"), e.getMessage());
  }
}
