package oca.fill.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import oca.fill.forecast.Forecaster.Judge;
import org.jspecify.annotations.Nullable;

/** The model at each of its horizons, and on request two plain rates, in case it is beyond it. */
final class Experts {
  private static final double SMOOTHING = 0.3;

  private final RateModel model;
  private final int horizons;

  /** By plain rate and region; weights of the newest day. */
  private final float[][][] plain;

  private final double[] newest = {SMOOTHING, 1};
  private final List<String> names = new ArrayList<>();

  Experts(RateModel model, int regions, int files, boolean withPlain) {
    this.model = model;
    horizons = model.horizons().size();
    plain = new float[withPlain ? newest.length : 0][regions][files];
    model.horizons().forEach(it -> names.add(it + " ahead"));
    if (withPlain) {
      names.addAll(List.of("smoothed", "yesterday"));
    }
  }

  List<String> names() {
    return List.copyOf(names);
  }

  /** Plays expected a day, by file; not to be changed. */
  float[] expected(int region, int expert) {
    return expert < horizons ? model.expected(region, expert) : plain[expert - horizons][region];
  }

  /** Tells what is expected of the next day, where it was asked for, and what came of it. */
  void tell(List<? extends @Nullable Plays> day, Judge judge) {
    for (int region = 0; region < day.size(); region++) {
      Plays came = day.get(region);
      if (came != null) {
        for (int expert = 0; expert < names.size(); expert++) {
          judge.expect(region, expert, expected(region, expert));
        }
        judge.came(region, came);
      }
    }
  }

  void observe(long number, List<? extends @Nullable Plays> day) {
    model.observe(number, day);
    for (int which = 0; which < plain.length; which++) {
      for (int region = 0; region < day.size(); region++) {
        Plays came = day.get(region);
        if (came != null) {
          smooth(plain[which][region], newest[which], came);
        }
      }
    }
  }

  private static void smooth(float[] rate, double newest, Plays came) {
    if (newest >= 1) {
      Arrays.fill(rate, 0);
    } else {
      for (int file = 0; file < rate.length; file++) {
        rate[file] *= (float) (1 - newest);
      }
    }
    for (int row = 0; row < came.files().length; row++) {
      rate[came.files()[row]] += (float) (newest * came.plays()[row]);
    }
  }
}
