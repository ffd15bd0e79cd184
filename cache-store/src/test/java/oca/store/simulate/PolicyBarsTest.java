package oca.store.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import oca.store.evict.EvictionPolicies;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What .github/decisions/0007 claims of the default policy. Its constants were chosen on the seeds
 * 11 to 13; these are others.
 */
class PolicyBarsTest {
  private static final List<Capacity> SIZES =
      List.of(Capacity.percent(5), Capacity.percent(10), Capacity.percent(20));

  @TempDir private Path folder;

  /**
   * Parts of the gap to Belady's, in percent: what is reached less one, rounded down. Reached are
   * 52.5, 49.3, 45.2 and 42.1, 43.0, 37.7; the aim of 45 is not, over four weeks.
   */
  @ParameterizedTest
  @CsvSource({"VOD, 1, 51, 48, 44", "VOD4, 1, 41, 42, 36"})
  void demand_video_closesTheGap(MadeTraces made, long seed, int five, int ten, int twenty)
      throws Exception {
    closes(made.make(seed, 300_000), five, ten, twenty);
  }

  /** Likewise; the sketch that came before the table had 39.0 where 42.3 are reached here. */
  @Tag("long")
  @ParameterizedTest
  @CsvSource({
    "VOD, 2, 51, 48, 41",
    "VOD, 3, 54, 48, 38",
    "VOD4, 2, 41, 40, 36",
    "VOD4, 3, 34, 31, 29"
  })
  void demand_videoOfOtherSeeds_closesTheGap(
      MadeTraces made, long seed, int five, int ten, int twenty) throws Exception {
    closes(made.make(seed, 300_000), five, ten, twenty);
  }

  @ParameterizedTest
  @EnumSource(names = {"LOOP", "SCAN", "SHIFT", "FLOOD", "STACK"})
  void demand_hardCase_isNeverAPointBelowLru(MadeTraces made) throws Exception {
    notBelowLru(made.make(1, 100_000));
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void demand_madeOfOtherSeeds_isNeverAPointBelowLru(MadeTraces made) throws Exception {
    for (long seed = 1; seed <= 3; seed++) {
      notBelowLru(made.make(seed, 300_000));
    }
  }

  @Test
  void demand_reuseOfRealVideo_isNeverAPointBelowLru() throws Exception {
    notBelowLru(FootprintTrace.of(FootprintTraceTest.DESCRIPTOR, 1, 100_000, 0.1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"web07", "web12"})
  void demand_realPages_isNotBelowLru(String name) throws Exception {
    Trace trace = new TraceFile(Path.of("src/test/resources/traces/cache2k", name + ".csv.gz"));
    notBelowLru(trace);
    assertEquals(name.equals("web07") ? 20_484 : 13_756, objects(trace));
  }

  private int objects(Trace trace) throws Exception {
    try (Recording recording = Recording.of(trace, folder)) {
      return recording.objects();
    }
  }

  private void closes(Trace trace, int... bars) throws Exception {
    SimulationReport report = play(trace);
    for (int size = 0; size < SIZES.size(); size++) {
      double closed = report.row(size, "demand").gapClosed();
      assertTrue(closed >= bars[size] / 100.0, SIZES.get(size).label() + ": " + closed);
    }
  }

  private void notBelowLru(Trace trace) throws Exception {
    SimulationReport report = play(trace);
    for (int size = 0; size < SIZES.size(); size++) {
      double demand = report.row(size, "demand").byteHitRatio();
      double lru = report.row(size, "lru").byteHitRatio();
      assertTrue(
          demand >= lru - 0.01, SIZES.get(size).label() + ": " + demand + " is below " + lru);
    }
  }

  private SimulationReport play(Trace trace) throws Exception {
    try (Recording recording = Recording.of(trace, folder)) {
      return new Simulation(SIZES, List.of(EvictionPolicies.DEMAND), 1, 2)
          .run(recording, (done, all) -> {});
    }
  }
}
