package oca.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DemandModelTest {
  private static final List<String> TITLES =
      IntStream.range(0, 400).mapToObj(i -> "t" + i).toList();
  private final DemandModel model = new DemandModel(TITLES, 7);

  @Test
  void load_overADay_hasTheMeanPeakAndTroughOfPublicFigures() {
    double[] load =
        IntStream.range(0, 2400).mapToDouble(i -> DemandModel.load(i / 100.0)).toArray();
    double mean = IntStream.range(0, load.length).mapToDouble(i -> load[i]).average().orElseThrow();
    double peak = IntStream.range(0, load.length).mapToDouble(i -> load[i]).max().orElseThrow();
    double trough = IntStream.range(0, load.length).mapToDouble(i -> load[i]).min().orElseThrow();
    assertEquals(1, mean, 0.02);
    assertTrue(peak / mean >= 1.9 && peak / mean <= 2.0, "peak to mean " + peak / mean);
    assertTrue(trough / peak >= 0.17 && trough / peak <= 0.32, "trough to peak " + trough / peak);
  }

  @Test
  void popularity_sameSeed_isTheSame() {
    assertEquals(
        model.popularity(0, 3).ranked(), new DemandModel(TITLES, 7).popularity(0, 3).ranked());
    assertNotEquals(model.popularity(0, 3).ranked(), model.popularity(1, 3).ranked());
  }

  @Test
  void popularity_nextDay_mostlyStays() {
    var today = new HashSet<>(model.popularity(0, 1).ranked().subList(0, 40));
    var tomorrow = new HashSet<>(model.popularity(0, 2).ranked().subList(0, 40));
    tomorrow.retainAll(today);
    assertTrue(
        tomorrow.size() >= 32 && tomorrow.size() <= 40, "kept " + tomorrow.size() + " of 40");
  }

  @Test
  void draw_manyTimes_givesTheTopTitlesTheirPublicShares() {
    var popularity = model.popularity(0, 1);
    Random random = new Random(1);
    int draws = 40_000;
    int[] drawn = new int[TITLES.size()];
    for (int i = 0; i < draws; i++) {
      drawn[popularity.ranked().indexOf(popularity.draw(random.nextDouble()))]++;
    }
    assertEquals(0.24, IntStream.range(0, 4).map(i -> drawn[i]).sum() / (double) draws, 0.02);
    assertEquals(0.52, IntStream.range(0, 20).map(i -> drawn[i]).sum() / (double) draws, 0.02);
    assertEquals(0.68, IntStream.range(0, 40).map(i -> drawn[i]).sum() / (double) draws, 0.02);
    assertEquals(0.83, IntStream.range(0, 80).map(i -> drawn[i]).sum() / (double) draws, 0.02);
    assertEquals(popularity.ranked().getFirst(), popularity.draw(0));
    assertEquals(popularity.ranked().getLast(), popularity.draw(Math.nextDown(1.0)));
  }
}
