package oca.bench.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import oca.protocol.Wire;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The harness itself, in small. */
@Timeout(120)
class ComparisonTest {
  @TempDir Path folder;

  private final StringWriter printed = new StringWriter();

  @Test
  void run_twoCells_reportsWhatWasAsked() throws Exception {
    assertEquals(0, run("oca-nio", "off"), printed::toString);

    Report report = Wire.read(Files.readAllBytes(folder.resolve("comparison.json")), Report.class);
    assertEquals(
        List.of(new Cell(4096, 2, false, true), new Cell(65536, 2, false, true)),
        report.cells().stream().map(Report.Measured::cell).toList());
    for (Report.Measured cell : report.cells()) {
      Report.Result result = cell.servers().get("oca-nio");
      assertEquals(2, result.rounds().size());
      assertTrue(result.median().requestsPerSecond() > 0, "requests");
      assertTrue(result.median().megabytesPerSecond() > 0, "bytes");
      assertTrue(result.median().p99Millis() >= result.median().p50Millis(), "latency");
      assertTrue(result.median().allocated() >= 0, "allocation");
    }
    assertEquals(2, report.verdicts().size(), "the allocation bar, in both cells");
    assertTrue(printed.toString().contains("4 KiB, cleartext, 2 connections, hot"));
    assertTrue(printed.toString().contains("trafficserver: not compared"));
    assertWellFormed(folder.resolve("cleartext-2-connections-hot.svg"));
  }

  @Test
  void run_unknownServer_namesTheKnownOnes() {
    assertEquals(1, run("apache", "off"));
    assertTrue(printed.toString().contains("oca-io_uring"), printed::toString);
  }

  @Test
  @Tag("peers")
  void run_nginx_isComparedOverBoth() throws IOException {
    assertEquals(0, run("nginx,nginx-nopush", "both"), printed::toString);

    assertTrue(printed.toString().contains("64 KiB, TLS 1.3, 2 connections, hot"));
    assertTrue(Files.exists(folder.resolve("TLS-1-3-2-connections-hot.svg")));
  }

  private int run(String servers, String tls) {
    return Comparison.run(
        new PrintWriter(printed, true),
        "--sizes=4KiB,64KiB",
        "--connections=2",
        "--servers=" + servers + ",trafficserver",
        "--tls=" + tls,
        "--rounds=2",
        "--seconds=0.2",
        "--file=1MiB",
        "--server-cpus=",
        "--client-cpus=",
        "--jvm-options=" + System.getProperty("oca.jvm.options"),
        "--data=" + folder.resolve("data"),
        "--out=" + folder);
  }

  private static void assertWellFormed(Path svg) throws Exception {
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(Files.readAllBytes(svg)));
  }
}
