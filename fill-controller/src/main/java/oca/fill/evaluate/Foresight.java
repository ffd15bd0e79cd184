package oca.fill.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Bounds: what comes is known, either the demand itself or the rates behind it, for one period or
 * for several days, and what served most in the end counts.
 */
final class Foresight implements Source {
  private static final int[] DAYS_AHEAD = {1, 2, 4, 7, 14, 28, 56};

  private final String name;
  private final Walk walk;
  private final boolean byRates;
  private final boolean unbounded;
  private final List<Integer> ahead = new ArrayList<>();
  private final List<Window[]> windows = new ArrayList<>();
  private final float[] density;

  Foresight(String name, Walk walk, boolean byRates, boolean unbounded) {
    this.name = name;
    this.walk = walk;
    this.byRates = byRates;
    this.unbounded = unbounded;
    density = new float[walk.table().files()];
    ahead.add(1);
    for (int days : DAYS_AHEAD) {
      int periods = days * walk.table().kind().perDay();
      if (!unbounded && periods > 1) {
        ahead.add(periods);
      }
    }
    for (int periods : ahead) {
      Window[] regions = new Window[walk.table().regions().size()];
      for (int region = 0; region < regions.length; region++) {
        regions[region] = new Window(region, periods);
      }
      windows.add(regions);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Choice choice() {
    return Choice.HINDSIGHT;
  }

  @Override
  public List<String> variants() {
    return ahead.stream().map(it -> String.format(Locale.ROOT, "%d ahead", it)).toList();
  }

  @Override
  public boolean isClairvoyant() {
    return true;
  }

  @Override
  public boolean isUnbounded() {
    return unbounded;
  }

  @Override
  public float[] density(int period, int region, int variant) {
    long[] sizes = walk.actual();
    double[] sum = windows.get(variant)[region].from(period);
    for (int file = 0; file < sum.length; file++) {
      density[file] = (float) Math.max(0, sum[file] / Math.max(1, sizes[file]));
    }
    return density;
  }

  @Override
  public void observe(int period) {
    // It knew.
  }

  /** Bytes from a period on, over a number of periods or to the end of the table. */
  private final class Window {
    private final int region;
    private final int length;
    private final double[] sum = new double[walk.table().files()];
    private final double[] rateIn = new double[byRates ? sum.length : 0];
    private final double[] rateOut = new double[byRates ? sum.length : 0];
    private int in;
    private int out;

    Window(int region, int length) {
      this.region = region;
      this.length = length;
    }

    double[] from(int period) {
      int end = Math.min(walk.table().periods(), period + length);
      for (; in < end; in++) {
        move(in, 1, rateIn);
      }
      for (; out < period; out++) {
        move(out, -1, rateOut);
      }
      return sum;
    }

    private void move(int period, double sign, double[] rate) {
      Cell cell = byRates ? walk.table().rates(period, region) : walk.table().cell(period, region);
      if (cell == null) {
        return;
      }
      for (int row = 0; row < cell.size(); row++) {
        int file = cell.file(row);
        if (byRates) {
          rate[file] = cell.amount(row);
        } else {
          sum[file] += sign * cell.amount(row);
        }
      }
      if (byRates) {
        for (int file = 0; file < sum.length; file++) {
          sum[file] += sign * rate[file];
        }
      }
    }
  }
}
