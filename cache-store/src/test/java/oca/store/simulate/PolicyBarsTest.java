package oca.store.simulate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import oca.store.evict.EvictionPolicies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What .github/decisions/0007 claims of the default policy, on small traces. */
class PolicyBarsTest {
  private static final List<Capacity> SIZES =
      List.of(Capacity.percent(5), Capacity.percent(10), Capacity.percent(20));

  @TempDir private Path folder;

  @Test
  void demand_weekOfVideo_closesTheGap() throws Exception {
    SimulationReport report = play(MadeTraces.VOD.make(1, 300_000));
    double[] bar = {0.45, 0.42, 0.40};
    for (int size = 0; size < SIZES.size(); size++) {
      double closed = report.row(size, "demand").gapClosed();
      assertTrue(closed >= bar[size], size + ": " + closed);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"VOD4", "LOOP", "SCAN", "FLOOD"})
  void demand_traceMade_isNeverAPointBelowLru(MadeTraces made) throws Exception {
    SimulationReport report = play(made.make(1, 100_000));
    for (int size = 0; size < SIZES.size(); size++) {
      double demand = report.row(size, "demand").byteHitRatio();
      double lru = report.row(size, "lru").byteHitRatio();
      assertTrue(demand >= lru - 0.01, made + " " + size + ": " + demand + " below " + lru);
    }
  }

  private SimulationReport play(Trace trace) throws Exception {
    try (Recording recording = Recording.of(trace, folder)) {
      return new Simulation(SIZES, List.of(EvictionPolicies.DEMAND), 1, 2)
          .run(recording, (done, all) -> {});
    }
  }
}
