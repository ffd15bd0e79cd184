package oca.fill.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.fill.evaluate.EvaluationReport.MethodLine;
import oca.fill.workload.Workload;
import oca.fill.workload.WorkloadSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  private static final String HEAD = "period,region,file,size_bytes,bytes_streamed\n";

  /**
   * By hand: of a, b, c, 10 bytes each, one fits. Day 1 fills with a. Yesterday then holds a, b, c
   * and a again on the days 2 to 5, always a day late but for the last; who knows what comes holds
   * b, c, a and a.
   */
  @Test
  void run_tableDoneByHand_isServedAsByHand(@TempDir Path folder) throws IOException {
    DemandTable table =
        table(
            folder,
            """
            1,r,a,10,30
            1,r,b,10,20
            2,r,b,10,40
            2,r,a,10,5
            3,r,c,10,50
            4,r,a,10,60
            4,r,c,10,10
            5,r,a,10,70
            5,r,b,10,35
            """);
    EvaluationReport report = evaluation(table, "10B", "10B", 1).run(Map.of(), _ -> {});
    assertEquals(270, report.capacities().getFirst().demandBytes());
    MethodLine yesterday = line(report, "yesterday");
    // Day 2 holds a: 5; day 3 b: 0; day 4 c: 10; day 5 a: 70.
    assertEquals(85 / 270.0, yesterday.served(), 1e-12);
    assertEquals(30 / 4.0, yesterday.fillBytesPerPeriod());
    MethodLine oracle = line(report, Evaluation.CLAIRVOYANT);
    assertEquals((40 + 50 + 60 + 70) / 270.0, oracle.served(), 1e-12);
    assertEquals(1, oracle.ofBound());
    assertEquals(0, yesterday.gapClosed());
    assertEquals(1, report.warmup().periods());
  }

  @Property(tries = 25)
  void step_rowsOfALaterPeriodChanged_holdsTheSameUntilThen(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    int changedAt = 3 + random.nextInt(9);
    List<String> early = new ArrayList<>();
    List<String> late = new ArrayList<>();
    List<String> other = new ArrayList<>();
    for (int period = 0; period < 14; period++) {
      for (int row = 0; row < 25; row++) {
        if (period < changedAt) {
          early.add(row(random, period, 0));
        } else {
          late.add(row(random, period, 0));
          other.add(row(random, period, random.nextInt(3)));
        }
      }
    }
    StringBuilder calendar = new StringBuilder("file,release_period,kind,prior\n");
    for (int file = 0; file < 20; file++) {
      calendar.append(
          "t" + file + "/v" + file % 2 + ',' + random.nextInt(14) + ",k" + file % 2 + ",\n");
    }
    Path folder = Files.createTempDirectory("causal");
    List<BitSet> one = held(folder, early, late, calendar.toString(), changedAt);
    List<BitSet> two = held(folder, early, other, calendar.toString(), changedAt);
    assertEquals(one, two, "seed " + seed + ", changed at " + changedAt);
  }

  private static String row(Random random, int period, int shift) {
    int file = random.nextInt(30 + shift);
    int size = 10 + file + (random.nextInt(9) == 0 ? shift : 0);
    return period
        + ",r"
        + random.nextInt(2)
        + ",t"
        + file
        + "/v"
        + file % 2
        + ","
        + size
        + ","
        + random.nextInt(500 * (1 + shift));
  }

  /** What all methods but the oracles hold in the periods before {@code until}, by file names. */
  private static List<BitSet> held(
      Path folder, List<String> early, List<String> late, String calendar, int until)
      throws IOException {
    List<String> rows = new ArrayList<>(early);
    rows.addAll(late);
    Path demand = folder.resolve("d.csv");
    Files.writeString(demand, HEAD + String.join("\n", rows) + "\n");
    Path releases = Files.writeString(folder.resolve("c.csv"), calendar);
    DemandTable table = Tables.read(demand, releases, null, Tables.Limits.DEFAULT).table();
    Evaluation evaluation = evaluation(table, "100B", "30B", 2);
    List<BitSet> held = new ArrayList<>();
    for (int period = 0; period <= until && period < table.periods(); period++) {
      evaluation.step(period);
      if (table.number(period) <= until) {
        for (String method :
            List.of("yesterday", "smoothed", Evaluation.FORECAST, Evaluation.WITH_CALENDAR)) {
          for (int region = 0; region < table.regions().size(); region++) {
            BitSet files = new BitSet();
            evaluation.store(method, 0, region).held().stream()
                .forEach(
                    it ->
                        files.set(Integer.parseInt(table.file(it).replaceAll("t(\\d+)/.*", "$1"))));
            held.add(files);
          }
        }
      }
    }
    return held;
  }

  @Test
  void run_generatedDemand_forecastLeadsAndCalendarLeadsMore(@TempDir Path folder)
      throws IOException {
    Path[] files = generate(folder, 7, 3_000, 5_000);
    EvaluationReport report =
        new Evaluation(
                Tables.read(files[0], files[1], files[2], Tables.Limits.DEFAULT).table(),
                settings("5%", "1%", OptionalInt.empty()))
            .run(Map.of(), _ -> {});
    MethodLine forecast = line(report, Evaluation.FORECAST);
    MethodLine calendar = line(report, Evaluation.WITH_CALENDAR);
    assertTrue(forecast.gapClosed() > .3, report.text());
    assertTrue(calendar.gapClosed() > .7, report.text());
    assertTrue(calendar.ofBound() > .98, report.text());
    for (MethodLine line : report.capacities().getFirst().methods()) {
      assertTrue(line.fillShare() <= .01 || line.method().contains("no budget"), report.text());
    }
  }

  @Test
  @Timeout(60)
  void run_hundredThousandFilesThirtyPeriods_takesUnderAMinute(@TempDir Path folder)
      throws IOException {
    Path demand = folder.resolve("d.csv");
    Random random = new Random(1);
    try (var out = Files.newBufferedWriter(demand)) {
      out.write(HEAD);
      for (int period = 0; period < 30; period++) {
        for (int row = 0; row < 30_000; row++) {
          int file = (int) (100_000 * Math.pow(random.nextDouble(), 3));
          out.write(
              period + ",r" + row % 2 + ",f" + file + ",1000," + random.nextInt(5_000) + "\n");
        }
      }
    }
    long start = System.nanoTime();
    DemandTable table = Tables.read(demand, null, null, Tables.Limits.DEFAULT).table();
    new Evaluation(table, settings("5%", "1%", OptionalInt.empty())).run(Map.of(), _ -> {});
    System.out.printf(
        "%,d files, 30 periods, two regions: %.1f s%n",
        table.files(), (System.nanoTime() - start) / 1e9);
  }

  @Test
  void create_tooFewPeriods_saysWhy(@TempDir Path folder) throws IOException {
    DemandTable table = table(folder, "1,r,a,10,30\n");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> evaluation(table, "5%", "1%", 1));
    assertTrue(e.getMessage().contains("1 periods, of which 1 are the warm-up"), e.getMessage());
  }

  /** Demand, calendar and rates in a folder. */
  static Path[] generate(Path folder, long seed, int titles, double sessions) throws IOException {
    WorkloadSpec usual = WorkloadSpec.DEFAULT;
    Workload workload =
        new Workload(
            new WorkloadSpec(
                seed,
                usual.firstDay(),
                60,
                false,
                1,
                titles,
                2,
                sessions,
                usual.newShare(),
                usual.releases(),
                usual.audienceSpread(),
                usual.priorNoise(),
                usual.taste(),
                usual.drift(),
                usual.bursts(),
                usual.weekly()));
    Path[] files = {folder.resolve("d.csv"), folder.resolve("c.csv"), folder.resolve("r.csv")};
    StringBuilder[] texts = {new StringBuilder(), new StringBuilder(), new StringBuilder()};
    workload.calendar(line -> texts[1].append(line).append('\n'));
    workload.demand(
        line -> texts[0].append(line).append('\n'),
        line -> texts[2].append(line).append('\n'),
        _ -> {});
    for (int i = 0; i < files.length; i++) {
      Files.writeString(files[i], texts[i]);
    }
    return files;
  }

  private static MethodLine line(EvaluationReport report, String method) {
    return report.capacities().getFirst().methods().stream()
        .filter(it -> it.method().equals(method))
        .findFirst()
        .orElseThrow();
  }

  private static Evaluation evaluation(DemandTable table, String disk, String fill, int warmup) {
    return new Evaluation(table, settings(disk, fill, OptionalInt.of(warmup)));
  }

  private static Evaluation.Settings settings(String disk, String fill, OptionalInt warmup) {
    return new Evaluation.Settings(
        List.of(Capacity.parse(disk)),
        Capacity.parse(fill),
        warmup,
        Evaluation.Settings.HYSTERESIS);
  }

  private static DemandTable table(Path folder, String rows) throws IOException {
    Path file = Files.writeString(folder.resolve("demand.csv"), HEAD + rows);
    return Tables.read(file, null, null, Tables.Limits.DEFAULT).table();
  }
}
