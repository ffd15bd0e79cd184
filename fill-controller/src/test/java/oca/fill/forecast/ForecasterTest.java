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
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import oca.fill.forecast.Forecaster.Announced;
import oca.fill.forecast.Forecaster.Observation;
import oca.fill.forecast.Forecaster.Offered;
import oca.model.ContentId;
import oca.model.SiteId;
import org.junit.jupiter.api.Test;

class ForecasterTest {
  private static final ContentId FILE = ContentId.ofPath("a/v.mp4");
  private static final ContentId OTHER = ContentId.ofPath("b/v.mp4");
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");
  private static final List<Offered> OFFERED =
      List.of(new Offered(FILE, 100, "a", "v.mp4"), new Offered(OTHER, 100, "b", "v.mp4"));

  @Test
  void forecast_nothingSeen_isThePrior() {
    Forecast none = forecast(List.of(), List.of());
    assertEquals(Forecast.PRIOR_BYTES, none.expectedBytes(FILE, NORTH));
    assertEquals(Forecast.PRIOR_BYTES, none.expectedBytes(ContentId.ofPath("x"), SOUTH));
    assertEquals(0, none.size());
  }

  @Test
  void forecast_oneDay_isAboutThatDay() {
    Forecast forecast = forecast(List.of(day(0, 6_000), day(0, 4_000)), List.of());
    assertEquals(10_000, forecast.expectedBytes(FILE, NORTH), 1_500);
    assertEquals(Forecast.PRIOR_BYTES, forecast.expectedBytes(FILE, SOUTH));
  }

  @Test
  void forecast_fileAskedForMore_isExpectedMore() {
    List<Observation> past = new ArrayList<>();
    for (int ago = 0; ago < 10; ago++) {
      past.add(day(ago, 5_000));
      past.add(new Observation(OTHER, NORTH, ago, 2_000));
    }
    Forecast forecast = forecast(past, List.of());
    assertEquals(5_000, forecast.expectedBytes(FILE, NORTH), 500);
    assertEquals(2_000, forecast.expectedBytes(OTHER, NORTH), 400);
  }

  @Test
  void forecast_fileThatIsNotOffered_isPassedOver() {
    Observation stray = new Observation(ContentId.ofPath("x"), NORTH, 0, 1_000);
    assertEquals(0, forecast(List.of(stray), List.of()).size());
  }

  @Test
  void forecast_announcedRelease_isExpectedBeforeItComesAndNotWithoutCalendar() {
    List<Offered> offered = new ArrayList<>();
    List<Observation> past = new ArrayList<>();
    List<Announced> calendar = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      ContentId file = ContentId.ofPath("r" + i + "/v.mp4");
      offered.add(new Offered(file, 100, "r" + i, "v.mp4"));
      calendar.add(new Announced(file, i - 1, "film", Double.NaN));
      for (int ago = 0; ago < i; ago++) {
        past.add(new Observation(file, NORTH, ago, 50_000 * Math.pow(.8, i - 1.0 - ago)));
      }
    }
    past.add(new Observation(FILE, NORTH, 0, 1));
    ContentId tomorrow = ContentId.ofPath("r0/v.mp4");
    Forecaster forecaster = new Forecaster(4);
    double announced =
        forecaster
            .forecast(20_000, offered, List.of(NORTH), past, calendar)
            .expectedBytes(tomorrow, NORTH);
    double unknown =
        forecaster
            .forecast(20_000, offered, List.of(NORTH), past, List.of())
            .expectedBytes(tomorrow, NORTH);
    assertEquals(Forecast.PRIOR_BYTES, unknown);
    assertTrue(announced > 10_000 && announced < 60_000, "expected " + announced);
  }

  @Property(tries = 200)
  void forecast_anyDays_staysNearWhatWasSeen(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 0, max = 1_000_000) Integer> bytes) {
    List<Observation> past = days(bytes);
    assertTwiceTheMostAtMost(bytes, forecast(past, List.of()));
  }

  @Test
  void forecast_burstAfterSilence_isNotTakenForTheStartOfMore() {
    // The newest first. By weights alone the forecast was 592 times the most ever asked for.
    List<Integer> bytes = List.of(47_920, 1_333, 285_971, 379_615, 26, 346_076, 0, 0, 0, 1);
    assertTwiceTheMostAtMost(bytes, forecast(days(bytes), List.of()));
  }

  private static void assertTwiceTheMostAtMost(List<Integer> bytes, Forecast forecast) {
    double most = bytes.stream().mapToInt(Integer::intValue).max().orElseThrow();
    double expected = forecast.expectedBytes(FILE, NORTH);
    assertTrue(
        expected >= Forecast.PRIOR_BYTES
            && expected <= Math.max(Forecast.PRIOR_BYTES, 2.000_001 * most),
        () -> expected + " expected after " + bytes);
  }

  @Property(tries = 100)
  void forecast_anyOrder_isTheSame(
      @ForAll @Size(max = 20) List<@IntRange(min = 0, max = 1_000_000) Integer> bytes,
      @ForAll long seed) {
    List<Observation> past = days(bytes);
    double before = forecast(past, List.of()).expectedBytes(FILE, NORTH);
    Collections.shuffle(past, new Random(seed));
    assertEquals(before, forecast(past, List.of()).expectedBytes(FILE, NORTH));
  }

  @Test
  void create_horizonOutOfRange_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Forecaster(-1));
    assertThrows(IllegalArgumentException.class, () -> new Forecaster(29));
  }

  private static List<Observation> days(List<Integer> bytes) {
    List<Observation> past = new ArrayList<>();
    for (int ago = 0; ago < bytes.size(); ago++) {
      past.add(day(ago, bytes.get(ago)));
    }
    return past;
  }

  private static Observation day(int ago, double bytes) {
    return new Observation(FILE, NORTH, ago, bytes);
  }

  @Test
  void forecast_judgeFollowsAnExpert_isThatOfItsHorizonAlone() {
    List<Observation> past = new ArrayList<>();
    for (int ago = 0; ago < 20; ago++) {
      past.add(day(ago, 4_000 + 300 * ago));
      past.add(new Observation(OTHER, NORTH, ago, 9_000 - 300 * ago));
    }
    Told judge = new Told(1);
    Forecast followed =
        new Forecaster(Forecaster.FOLLOW)
            .forecast(20_000, OFFERED, List.of(NORTH, SOUTH), past, List.of(), judge);
    Forecast fixed =
        new Forecaster(4).forecast(20_000, OFFERED, List.of(NORTH, SOUTH), past, List.of());
    assertEquals(fixed.expectedBytes(FILE, NORTH), followed.expectedBytes(FILE, NORTH));
    assertEquals(fixed.expectedBytes(OTHER, NORTH), followed.expectedBytes(OTHER, NORTH));
    assertEquals(List.of("1 ahead", "4 ahead", "12 ahead", "smoothed", "yesterday"), judge.experts);
    // South was silent: nobody knows what it asked for, so nobody is judged by it.
    assertEquals(Collections.nCopies(20, 0), judge.came);
    assertEquals(20 * 5, judge.expected);
    Told yesterday = new Told(4);
    assertEquals(
        4_000,
        new Forecaster(Forecaster.FOLLOW)
            .forecast(20_000, OFFERED, List.of(NORTH, SOUTH), past, List.of(), yesterday)
            .expectedBytes(FILE, NORTH),
        1);
  }

  /** Notes what a judge is told, and follows the same expert whatever comes. */
  private static final class Told implements Forecaster.Judge {
    private final int follows;
    private final List<Integer> came = new ArrayList<>();
    private List<String> experts = List.of();
    private int expected;

    Told(int follows) {
      this.follows = follows;
    }

    @Override
    public void begin(List<String> ofExperts, List<SiteId> regions, long[] sizes, int days) {
      assertEquals(List.of(NORTH, SOUTH), regions);
      assertEquals(20, days);
      experts = ofExperts;
    }

    @Override
    public void expect(int region, int expert, float[] plays) {
      assertEquals(expected % experts.size(), expert);
      expected++;
    }

    @Override
    public void came(int region, Plays plays) {
      came.add(region);
    }

    @Override
    public int best(int region) {
      return follows;
    }
  }

  private static Forecast forecast(List<Observation> past, List<Announced> calendar) {
    return new Forecaster(4).forecast(20_000, OFFERED, List.of(NORTH, SOUTH), past, calendar);
  }
}
