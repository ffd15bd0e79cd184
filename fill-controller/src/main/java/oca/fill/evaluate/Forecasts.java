package oca.fill.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import oca.fill.forecast.Plays;
import oca.fill.forecast.RateModel;
import oca.fill.forecast.Release;
import org.jspecify.annotations.Nullable;

/**
 * The forecaster, with or without the release calendar. Its variants are its horizons, and the two
 * plain methods, in case a table is beyond it.
 */
final class Forecasts implements Source {
  private final String name;
  private final Walk walk;
  private final RateModel.Shape shape;
  private final RateModel model;
  private final List<Baselines> plain;
  private final boolean[] isJoined;
  private final Map<String, Integer> titles = new HashMap<>();
  private final Map<String, Integer> rungs = new HashMap<>();

  Forecasts(String name, Walk walk, RateModel.Shape shape, boolean withCalendar) {
    this.name = name;
    this.walk = walk;
    this.shape = shape;
    plain =
        List.of(
            new Baselines("smoothed", Evaluation.SMOOTHING, false, walk),
            new Baselines("yesterday", 1, false, walk));
    DemandTable table = walk.table();
    isJoined = new boolean[table.files()];
    Map<String, Integer> kinds = new HashMap<>();
    List<Release> releases = new ArrayList<>();
    for (DemandTable.Release it :
        withCalendar ? table.releases() : List.<DemandTable.Release>of()) {
      int kind = kinds.computeIfAbsent(it.kind(), _ -> kinds.size() + 1);
      double prior =
          it.prior().isPresent() && it.prior().getAsDouble() > 0
              ? it.prior().getAsDouble()
              : Double.NaN;
      releases.add(new Release(it.file(), it.period(), kind, prior));
    }
    model = new RateModel(shape, table.files(), table.regions().size(), releases);
    releases.forEach(it -> join(it.file()));
  }

  /** Horizons that are tried on a table of this kind. */
  static RateModel.Shape shape(Periods kind) {
    List<Integer> horizons = kind == Periods.HOURS ? List.of(1, 12, 72) : List.of(1, 4, 12);
    return new RateModel.Shape(kind.perDay(), kind.cycle(), horizons);
  }

  /** Files with the same text before their last slash are one title. */
  private void join(int file) {
    if (!isJoined[file]) {
      isJoined[file] = true;
      String path = walk.table().file(file);
      int slash = path.lastIndexOf('/');
      if (slash > 0) {
        int title = titles.computeIfAbsent(path.substring(0, slash), _ -> file);
        int rung = rungs.computeIfAbsent(path.substring(slash), _ -> rungs.size());
        model.join(file, title, rung);
      }
    }
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
    List<String> variants = new ArrayList<>();
    shape.horizons().forEach(it -> variants.add(String.format(Locale.ROOT, "%d ahead", it)));
    plain.forEach(it -> variants.add(it.name()));
    return List.copyOf(variants);
  }

  @Override
  public float[] density(int period, int region, int variant) {
    int horizons = shape.horizons().size();
    return variant < horizons
        ? model.expected(region, variant)
        : plain.get(variant - horizons).density(period, region, 0);
  }

  @Override
  public void observe(int period) {
    plain.forEach(it -> it.observe(period));
    DemandTable table = walk.table();
    List<@Nullable Plays> demand = new ArrayList<>();
    for (int region = 0; region < table.regions().size(); region++) {
      Cell cell = table.cell(period, region);
      demand.add(cell == null ? null : plays(cell));
    }
    model.observe(table.number(period), demand);
  }

  private Plays plays(Cell cell) {
    int[] files = new int[cell.size()];
    double[] plays = new double[cell.size()];
    Arrays.setAll(files, cell::file);
    for (int row = 0; row < files.length; row++) {
      join(files[row]);
      plays[row] = walk.plays(cell, row);
    }
    return new Plays(files, plays);
  }
}
