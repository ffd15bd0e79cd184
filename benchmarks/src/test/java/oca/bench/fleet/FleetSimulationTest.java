package oca.bench.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import oca.bench.fleet.Figures.Kind;
import oca.protocol.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The simulation in small, without PostgreSQL. */
@Timeout(120)
class FleetSimulationTest {
  @TempDir Path folder;

  @Test
  void run_fewAppliances_allAreKnownPlannedForAndAnswered() throws IOException {
    StringWriter printed = new StringWriter();
    Path json = folder.resolve("report.json");
    Path chart = folder.resolve("chart.svg");
    FleetSimulation.run(
        new PrintWriter(printed, true),
        "--steps=6,12",
        "--sites=4",
        "--seconds=2",
        "--patience=30",
        "--decisions=20",
        "--titles=10",
        "--slots=6",
        "--library=20",
        "--manifest-seconds=0.5",
        "--fill-seconds=0.5",
        "--no-postgres",
        "--heaps=128m,256m",
        "--folder=" + folder,
        "--jvm-options=" + System.getProperty("oca.jvm.options"),
        "--json=" + json,
        "--chart=" + chart);
    FleetReport report = Wire.read(Files.readAllBytes(json), FleetReport.class);
    assertEquals(2, report.steps().size(), printed::toString);
    for (FleetReport.Step step : report.steps()) {
      assertEquals(0, step.unsettled(), printed::toString);
      assertTrue(step.plan().startsWith("200"), step::plan);
      assertTrue(step.manifestFiles() > 0, printed::toString);
      assertTrue(step.seen(Kind.DECISION).good() > 0, printed::toString);
      assertTrue(step.seen(Kind.STEERING_HEARTBEAT).good() >= step.appliances(), printed::toString);
      assertTrue(
          step.seen(Kind.CONTROLLER_HEARTBEAT).good() >= step.appliances(), printed::toString);
      assertTrue(step.cores(FleetSimulation.STEERING) > 0, printed::toString);
    }
    assertTrue(report.steps().getLast().seen(Kind.SERVE_RECORDS).good() > 0, printed::toString);
    assertTrue(
        report.arithmetic().getLast().startsWith("manifests: "), report.arithmetic()::toString);
    assertTrue(Files.readString(chart).endsWith("</svg>\n"));
  }
}
