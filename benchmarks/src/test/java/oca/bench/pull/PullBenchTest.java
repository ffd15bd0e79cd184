package oca.bench.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import oca.protocol.Wire;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All commands in small: what they find right, not how fast. */
@Timeout(120)
class PullBenchTest {
  @TempDir Path folder;

  private final StringWriter printed = new StringWriter();

  @Test
  void run_singleFlight_fetchesEachByteOnce() throws IOException {
    assertEquals(0, SingleFlight.run(out(), singleFlight("oca")), printed::toString);

    SingleFlight.Result result =
        read("single-flight.json", SingleFlight.Report.class).runs().get(0);
    assertEquals(40, result.answers());
    assertEquals(0, result.twiceBytes());
    assertEquals(1, result.most());
    assertTrue(result.sentBytes() >= result.askedBytes(), result::toString);
    assertTrue(result.upstreamRequests() > 0, result::toString);
  }

  @Test
  @Tag("peers")
  void run_singleFlightOfNginx_isRight() throws IOException {
    assertEquals(0, SingleFlight.run(out(), singleFlight("nginx")), printed::toString);

    SingleFlight.Result result =
        read("single-flight.json", SingleFlight.Report.class).runs().get(0);
    assertEquals(40, result.answers());
  }

  @Test
  void run_pullHits_asksTheOriginNoMore() throws IOException {
    assertEquals(
        0,
        PullHits.run(
            out(),
            options(
                "--servers=oca",
                "--sizes=16KiB",
                "--connections=4",
                "--rounds=1",
                "--seconds=0.2",
                "--warm-up=0.1",
                "--file=2MiB")),
        printed::toString);

    PullHits.Report report = read("pull-hits.json", PullHits.Report.class);
    assertEquals(0, report.originRequests());
    assertTrue(report.runs().getFirst().ratio() > 0, printed::toString);
  }

  @Test
  void run_liveEdge_asksOnceForEachSegment() throws IOException {
    assertEquals(0, LiveEdge.run(out(), liveEdge("holds")), printed::toString);

    for (LiveEdge.Result result : read("live-edge.json", LiveEdge.Report.class).runs()) {
      assertEquals(60, result.answers());
      assertEquals(3, result.upstreamRequests());
      assertEquals(0, result.notFound());
      assertEquals(0, result.stormUpstream());
      assertEquals(result.underStorm(), result.stormAnswers() > 0);
    }
  }

  @Test
  void run_liveEdgeOfAnOriginThatAnswers404_bringsAllInTheEnd() throws IOException {
    assertEquals(
        0, LiveEdge.run(out(), liveEdge("404", "--storm=0", "--again=20")), printed::toString);

    LiveEdge.Result result = read("live-edge.json", LiveEdge.Report.class).runs().getFirst();
    assertEquals(60, result.answers());
  }

  @Test
  void run_originAway_servesWhatIsKeptAndRefusesTheRest() throws IOException {
    assertEquals(
        0,
        OriginAway.run(
            out(),
            options(
                "--servers=oca",
                "--objects=10",
                "--size=64KiB",
                "--clients=5",
                "--seconds=0.5",
                "--limit=30000")),
        printed::toString);

    OriginAway.Result result = read("origin-away.json", OriginAway.Report.class).runs().getFirst();
    assertEquals(result.kept(), result.served());
    assertEquals(result.others(), result.refused());
    assertTrue(result.others() > 0, printed::toString);
  }

  @Test
  void run_unknownServer_namesTheKnownOnes() throws IOException {
    assertEquals(1, SingleFlight.run(out(), singleFlight("apache")));
    assertTrue(printed.toString().contains("oca-io_uring"), printed::toString);
  }

  private String[] singleFlight(String server) throws IOException {
    return options(
        "--servers=" + server,
        "--clients=20",
        "--asks=2",
        "--size=2MiB",
        "--range=64KiB",
        "--origin-rate=50MB");
  }

  private String[] liveEdge(String origin, String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of(more));
    all.addAll(
        List.of(
            "--servers=oca",
            "--origin=" + origin,
            "--clients=30",
            "--segments=2",
            "--warm-up=1",
            "--warm-up-objects=20",
            "--period=0.3"));
    if (more.length == 0) {
      all.addAll(List.of("--storm=3", "--storm-every=20"));
    }
    return options(all.toArray(String[]::new));
  }

  private <T> T read(String file, Class<T> type) throws IOException {
    return Wire.read(Files.readAllBytes(folder.resolve(file)), type);
  }

  private PrintWriter out() {
    return new PrintWriter(printed, true);
  }

  /** The product's options of the JVM, and what makes so many short-lived ones start sooner. */
  private Path quick() throws IOException {
    Path usual = Path.of(System.getProperty("oca.jvm.options", ""));
    return Files.writeString(
        folder.resolve("jvm.options"),
        Files.readString(usual) + "-XX:TieredStopAtLevel=1\n-XX:+UseSerialGC\n");
  }

  private String[] options(String... more) throws IOException {
    List<String> options = new ArrayList<>(List.of(more));
    options.addAll(
        List.of(
            "--server-cpus=",
            "--client-cpus=",
            "--jvm-options=" + quick(),
            "--data=" + folder.resolve("data"),
            "--out=" + folder));
    return options.toArray(String[]::new);
  }
}
