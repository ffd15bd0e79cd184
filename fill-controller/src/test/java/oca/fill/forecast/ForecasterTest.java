package oca.fill.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import oca.fill.forecast.Forecaster.Observation;
import oca.model.ContentId;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;

class ForecasterTest {
  private static final ContentId FILE = ContentId.ofPath("a");
  private static final SiteId NORTH = new SiteId("north");

  @Test
  void forecast_neverAskedFor_isThePrior() {
    Forecast none = new Forecaster(0.3).forecast(List.of());
    assertEquals(Forecast.PRIOR_BYTES, none.expectedBytes(FILE, NORTH));
    assertEquals(0, none.size());
  }

  @Test
  void forecast_oneDay_isThatDay() {
    assertEquals(1000, expected(0.3, day(0, 600), day(0, 400)), 1e-9);
  }

  @Test
  void forecast_laterDays_moveItBySmoothing() {
    assertEquals(1000 + 0.3 * 1000, expected(0.3, day(1, 1000), day(0, 2000)), 1e-9);
    assertEquals(0.7 * 0.7 * 1000, expected(0.3, day(2, 1000)), 1e-9);
    assertEquals(2000, expected(1, day(1, 1000), day(0, 2000)), 1e-9);
  }

  @Test
  void forecast_otherRegionOrFile_isItsOwn() {
    Forecast forecast = new Forecaster(0.3).forecast(List.of(day(0, 1000)));
    assertEquals(1.0, forecast.expectedBytes(FILE, new SiteId("south")));
    assertEquals(1.0, forecast.expectedBytes(ContentId.ofPath("b"), NORTH));
  }

  @Property
  void forecast_anyDays_staysWithinWhatWasSeen(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 0, max = 1_000_000) Integer> bytes,
      @ForAll @DoubleRange(min = 0.01, max = 1) double smoothing) {
    double most = bytes.stream().mapToInt(Integer::intValue).max().orElseThrow();
    double expected = expected(smoothing, days(bytes));
    assertTrue(expected >= Forecast.PRIOR_BYTES);
    assertTrue(expected <= Math.max(most, Forecast.PRIOR_BYTES) * (1 + 1e-12));
  }

  @Property
  void forecast_anyOrder_isTheSame(
      @ForAll @Size(max = 20) List<@IntRange(min = 0, max = 1_000_000) Integer> bytes,
      @ForAll long seed) {
    List<Observation> days = new ArrayList<>(List.of(days(bytes)));
    double before = expected(0.3, days.toArray(Observation[]::new));
    Collections.shuffle(days, new Random(seed));
    assertEquals(before, expected(0.3, days.toArray(Observation[]::new)));
  }

  @Test
  void create_smoothingOutOfRange_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Forecaster(0));
    assertThrows(IllegalArgumentException.class, () -> new Forecaster(1.1));
    assertThrows(IllegalArgumentException.class, () -> new Forecaster(Double.NaN));
  }

  private static Observation[] days(List<Integer> bytes) {
    Observation[] days = new Observation[bytes.size()];
    for (int i = 0; i < days.length; i++) {
      days[i] = day(i, bytes.get(i));
    }
    return days;
  }

  private static Observation day(int ago, double bytes) {
    return new Observation(FILE, NORTH, ago, bytes);
  }

  private static double expected(double smoothing, Observation... days) {
    return new Forecaster(smoothing).forecast(List.of(days)).expectedBytes(FILE, NORTH);
  }
}
