package oca.bench.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import oca.bench.fleet.FleetReport.Step;
import oca.bench.fleet.FleetReport.Use;
import oca.bench.serve.Machine;
import org.junit.jupiter.api.Test;

/** What is reckoned from a simulation's steps. */
class FleetReportTest {
  private static final Machine MACHINE =
      new Machine("cpu", 2, "kernel", 16, "jdk", "netty", "none", "openssl");

  @Test
  void of_machineWithTimeLeft_reckonsFromTheLargestOfThoseSteps() {
    FleetReport report =
        FleetReport.of(
            MACHINE, "simulate", 10, List.of(step(500, 0.2), step(1_000, 0.3), step(2_000, 1.9)));
    assertEquals(
        List.of(
            "steering: 300 us of CPU a second for each of 1,000 appliances, 30.0 cores at 100,000",
            "manifests: 1,000 bytes each, 0.1 GB for 100,000 appliances"),
        report.arithmetic());
  }

  @Test
  void of_machineThatIsFull_reckonsNothing() {
    FleetReport report =
        FleetReport.of(MACHINE, "simulate", 10, List.of(step(500, 1.9), step(1_000, 1.8)));
    assertEquals(2, report.arithmetic().size(), report.arithmetic()::toString);
    assertTrue(
        report.arithmetic().getFirst().startsWith("cores: nothing follows"),
        report.arithmetic()::toString);
  }

  private static Step step(int appliances, double cores) {
    return new Step(
        appliances,
        10,
        1,
        0,
        10,
        Map.of(FleetSimulation.STEERING, new Use(cores, 100, 50, 1)),
        Map.of(),
        Map.of(),
        1,
        1,
        "200",
        10,
        1_000,
        0,
        0,
        -1,
        0,
        0);
  }
}
