package oca.fill.evaluate;

import java.util.Arrays;
import java.util.List;

/** A smoothed rate, and as its extreme the period before: what forecasts are compared with. */
final class Baselines implements Source {
  private final String name;
  private final double newest;
  private final boolean unbounded;
  private final Walk walk;
  private final float[][] rates;

  /**
   * A baseline.
   *
   * @param newest weight of the newest period, 1 for nothing but that one
   */
  Baselines(String name, double newest, boolean unbounded, Walk walk) {
    this.name = name;
    this.newest = newest;
    this.unbounded = unbounded;
    this.walk = walk;
    rates = new float[walk.table().regions().size()][walk.table().files()];
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Choice choice() {
    return Choice.FOLLOW;
  }

  @Override
  public List<String> variants() {
    return List.of(name);
  }

  @Override
  public boolean isUnbounded() {
    return unbounded;
  }

  @Override
  public float[] density(int period, int region, int variant) {
    return rates[region];
  }

  @Override
  public void observe(int period) {
    for (int region = 0; region < rates.length; region++) {
      Cell cell = walk.table().cell(period, region);
      if (cell != null) {
        float[] rate = rates[region];
        if (newest >= 1) {
          Arrays.fill(rate, 0);
        } else {
          for (int file = 0; file < rate.length; file++) {
            rate[file] *= (float) (1 - newest);
          }
        }
        for (int row = 0; row < cell.size(); row++) {
          rate[cell.file(row)] += (float) (newest * walk.plays(cell, row));
        }
      }
    }
  }
}
