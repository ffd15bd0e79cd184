package oca.fill.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  @Test
  void demand_sameSeed_isTheSameAndAnotherIsNot() throws IOException {
    assertEquals(text(spec(1, 14)), text(spec(1, 14)));
    assertTrue(!text(spec(1, 14)).equals(text(spec(2, 14))));
  }

  @Test
  void demand_halfAYear_hasThePublishedShape() throws IOException {
    Map<String, Double> byTitle = new HashMap<>();
    double[] sums = new double[2];
    double[] byWeekday = new double[7];
    int[] day = {-1};
    String[] last = {""};
    new Workload(spec(3, 182))
        .demand(
            line -> {
              String[] row = line.split(",", -1);
              if (row[0].equals("period")) {
                return;
              }
              if (!row[0].equals(last[0])) {
                last[0] = row[0];
                day[0]++;
              }
              double plays = Double.parseDouble(row[4]) / Double.parseDouble(row[3]);
              String title = row[2].substring(0, row[2].indexOf('/'));
              byTitle.merge(title, plays, Double::sum);
              sums[0] += plays;
              sums[1] += title.startsWith("r") ? plays : 0;
              byWeekday[day[0] % 7] += plays;
            },
            _ -> {},
            _ -> {});
    double[] ranked =
        byTitle.values().stream().mapToDouble(it -> -it).sorted().map(it -> -it).toArray();
    assertEquals(.24, top(ranked, .01), .08);
    assertEquals(.52, top(ranked, .05), .08);
    assertEquals(.68, top(ranked, .1), .08);
    assertEquals(.83, top(ranked, .2), .08);
    assertTrue(Arrays.stream(byWeekday).max().orElseThrow() > 1.2 * byWeekday[0]);
    assertEquals(3_000 * 182 * .5, sums[0], .1 * 3_000 * 182 * .5);
    assertTrue(sums[1] / sums[0] > .3, "releases of a year and a half draw " + sums[1] / sums[0]);
  }

  @Test
  void left_weeks_areThePublishedOnes() {
    assertEquals(.8, Title.Kind.FILM.left(10), 1e-9);
    assertEquals(.24, Title.Kind.FILM.left(17), 1e-9);
    assertEquals(1, Title.Kind.SERIES.left(10), 1e-9);
    assertEquals(.5, Title.Kind.SERIES.left(17), 1e-9);
  }

  @Test
  void create_valuesOutOfRange_areRefusedByName() {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> spec(1, 0));
    assertEquals("days must be 1 to 3660, not 0", e.getMessage());
  }

  private static double top(double[] ranked, double share) {
    double all = Arrays.stream(ranked).sum();
    return Arrays.stream(ranked).limit(Math.round(share * ranked.length)).sum() / all;
  }

  private static String text(WorkloadSpec spec) throws IOException {
    StringBuilder text = new StringBuilder();
    Workload workload = new Workload(spec);
    workload.calendar(line -> text.append(line).append('\n'));
    workload.demand(line -> text.append(line), line -> text.append(line), _ -> {});
    return text.toString();
  }

  private static WorkloadSpec spec(long seed, int days) {
    WorkloadSpec usual = WorkloadSpec.DEFAULT;
    return new WorkloadSpec(
        seed,
        usual.firstDay(),
        days,
        false,
        1,
        1_000,
        2,
        3_000,
        usual.newShare(),
        usual.releases(),
        usual.audienceSpread(),
        usual.priorNoise(),
        usual.taste(),
        usual.drift(),
        usual.bursts(),
        usual.weekly());
  }
}
