package oca.fill.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import oca.fill.evaluate.EvaluationReport.AtCapacity;
import oca.fill.evaluate.EvaluationReport.MethodLine;
import oca.fill.evaluate.EvaluationReport.Span;
import oca.fill.forecast.RateModel;

/**
 * Walks a demand table forward and lets each method fill a disk in each region.
 *
 * <p>Before each period a method may change what its disks hold by what it has seen up to then,
 * fetching no more than the budget; then the period's demand is served of what is held. All methods
 * begin with the same disks, filled by the mean demand of the warm-up, and change them by the same
 * code ({@link Store}), so that the forecasts alone differ.
 */
public final class Evaluation {
  static final String YESTERDAY = "yesterday";
  static final String YESTERDAY_FREE = YESTERDAY + ", no budget";
  static final String CLAIRVOYANT = "oracle, coming demand";
  static final String TRUE_RATES = "oracle, true rates";
  static final String FORECAST = "forecast";
  static final String WITH_CALENDAR = "forecast with calendar";
  static final double SMOOTHING = 0.3;

  /**
   * How to evaluate.
   *
   * @param capacities of the disk of each region, shares of the bytes of all files asked for
   * @param fillBudget what may be fetched for a disk in a period, a share of the disk
   * @param warmup periods before those that count; empty for a quarter, of days 28 at most
   * @param hysteresis by how much what is fetched must be expected to serve more than what leaves
   */
  public record Settings(
      List<Capacity> capacities, Capacity fillBudget, OptionalInt warmup, double hysteresis) {
    /** Fetch when a tenth more is expected of it. */
    public static final double HYSTERESIS = 1.1;

    public Settings {
      capacities = List.copyOf(capacities);
      if (capacities.isEmpty() || !(hysteresis >= 1)) {
        throw new IllegalArgumentException(
            "one capacity at least, and a hysteresis of 1 or more are needed");
      }
    }
  }

  private final DemandTable table;
  private final Settings settings;
  private final Walk walk;
  private final int warmup;
  private final List<Source> sources = new ArrayList<>();

  /** By source, capacity and region. */
  private final List<List<List<Contest>>> contests = new ArrayList<>();

  /**
   * Before the walk.
   *
   * @throws IllegalArgumentException when the table has too few periods for the warm-up
   */
  public Evaluation(DemandTable table, Settings settings) {
    this.table = table;
    this.settings = settings;
    int days = 28 * table.kind().perDay();
    warmup = settings.warmup().orElse(Math.clamp(table.periods() / 4, 1, days));
    if (warmup < 1 || warmup >= table.periods()) {
      throw new IllegalArgumentException(
          "the table has "
              + table.periods()
              + " periods, of which "
              + warmup
              + " are the warm-up; it takes 1 or more, and one more to be counted");
    }
    RateModel.Shape shape = Forecasts.shape(table.kind());
    walk = new Walk(table, shape.horizons().getLast());
    sources.add(new Baselines(YESTERDAY_FREE, 1, true, walk));
    sources.add(new Baselines(YESTERDAY, 1, false, walk));
    sources.add(new Baselines("smoothed", SMOOTHING, false, walk));
    sources.add(new Forecasts(FORECAST, walk, shape, false));
    if (!table.releases().isEmpty()) {
      sources.add(new Forecasts(WITH_CALENDAR, walk, shape, true));
    }
    sources.add(new Foresight(CLAIRVOYANT, walk, false, false));
    if (table.hasRates()) {
      sources.add(new Foresight(TRUE_RATES, walk, true, false));
    }
    for (Source source : sources) {
      contests.add(settings.capacities().stream().map(it -> contests(source, it)).toList());
    }
  }

  private List<Contest> contests(Source source, Capacity capacity) {
    long disk = capacity.of(table.bytes());
    long budget = settings.fillBudget().of(disk);
    return table.regions().stream()
        .map(
            _ ->
                new Contest(
                    source.variants(),
                    source.choice(),
                    disk,
                    source.isUnbounded() ? disk : budget,
                    source.isClairvoyant() ? 1 : settings.hysteresis()))
        .toList();
  }

  /**
   * Walks through all periods.
   *
   * @param refused rows that the reader refused, to be reported
   * @param progress told the periods that are done
   */
  public EvaluationReport run(Map<String, BadRows.Summary> refused, IntConsumer progress) {
    for (int period = 0; period < table.periods(); period++) {
      step(period);
      progress.accept(period + 1);
    }
    return report(refused);
  }

  void step(int period) {
    walk.announce(period);
    if (period == warmup) {
      start();
    }
    if (period >= warmup) {
      IntStream.range(0, sources.size()).parallel().forEach(it -> fill(it, period));
      serve(period);
    }
    walk.tell(period, this::resized);
    sources.parallelStream().forEach(source -> source.observe(period));
  }

  private void start() {
    for (int region = 0; region < table.regions().size(); region++) {
      float[] density = new float[table.files()];
      for (int period = 0; period < warmup; period++) {
        Cell cell = table.cell(period, region);
        for (int row = 0; cell != null && row < cell.size(); row++) {
          density[cell.file(row)] += (float) walk.plays(cell, row);
        }
      }
      for (List<List<Contest>> ofSource : contests) {
        for (List<Contest> atCapacity : ofSource) {
          atCapacity.get(region).start(density, walk.known());
        }
      }
    }
  }

  /** What one method does; methods share nothing that changes meanwhile. */
  private void fill(int number, int period) {
    Source source = sources.get(number);
    long[] sizes = source.isClairvoyant() ? walk.actual() : walk.known();
    for (int region = 0; region < table.regions().size(); region++) {
      for (int variant = 0; variant < source.variants().size(); variant++) {
        float[] density = source.density(period, region, variant);
        for (List<Contest> atCapacity : contests.get(number)) {
          atCapacity.get(region).fill(variant, density, sizes);
        }
      }
    }
  }

  private void serve(int period) {
    for (int region = 0; region < table.regions().size(); region++) {
      Cell cell = table.cell(period, region);
      if (cell != null) {
        for (List<List<Contest>> ofSource : contests) {
          for (List<Contest> atCapacity : ofSource) {
            atCapacity.get(region).serve(cell);
          }
        }
      }
    }
  }

  private void resized(int file, long known, long actual, long now) {
    for (int number = 0; number < sources.size(); number++) {
      long before = sources.get(number).isClairvoyant() ? actual : known;
      if (before != now) {
        for (List<Contest> atCapacity : contests.get(number)) {
          atCapacity.forEach(it -> it.resized(file, before, now));
        }
      }
    }
  }

  /** What a method holds in a region; for tests. */
  Store store(String method, int capacity, int region) {
    for (int number = 0; number < sources.size(); number++) {
      if (sources.get(number).name().equals(method)) {
        return contests.get(number).get(capacity).get(region).store();
      }
    }
    throw new IllegalArgumentException("no method " + method);
  }

  private EvaluationReport report(Map<String, BadRows.Summary> refused) {
    int last = table.periods() - 1;
    List<AtCapacity> capacities = new ArrayList<>();
    for (int capacity = 0; capacity < settings.capacities().size(); capacity++) {
      capacities.add(atCapacity(capacity));
    }
    return new EvaluationReport(
        new EvaluationReport.Table(
            table.periods(),
            table.regions().size(),
            table.files(),
            table.rows(),
            table.bytes(),
            table.releases().size(),
            table.hasRates()),
        new TreeMap<>(refused),
        new Span(table.periods() - warmup, table.label(warmup), table.label(last)),
        new Span(warmup, table.label(0), table.label(warmup - 1)),
        settings.fillBudget().text(),
        bound(),
        capacities);
  }

  private String bound() {
    return table.hasRates() ? TRUE_RATES : CLAIRVOYANT;
  }

  private AtCapacity atCapacity(int capacity) {
    double[] demand = demand();
    double all = java.util.Arrays.stream(demand).sum();
    long disk = settings.capacities().get(capacity).of(table.bytes());
    Map<String, Double> served = new LinkedHashMap<>();
    for (int number = 0; number < sources.size(); number++) {
      List<Contest> regions = contests.get(number).get(capacity);
      served.put(sources.get(number).name(), regions.stream().mapToDouble(Contest::served).sum());
    }
    double least = served.getOrDefault(YESTERDAY, 0.0);
    double free = served.getOrDefault(YESTERDAY_FREE, 0.0);
    double most = served.getOrDefault(bound(), 0.0);
    List<MethodLine> lines = new ArrayList<>();
    for (int number = 0; number < sources.size(); number++) {
      List<Contest> regions = contests.get(number).get(capacity);
      String name = sources.get(number).name();
      double own = served.getOrDefault(name, 0.0);
      double filled = regions.stream().mapToDouble(Contest::filled).sum();
      double perPeriod = filled / (table.periods() - warmup);
      Map<String, Double> byRegion = new TreeMap<>();
      Map<String, Integer> variants = new TreeMap<>();
      for (int region = 0; region < regions.size(); region++) {
        double part = demand[region] == 0 ? 0 : regions.get(region).served() / demand[region];
        byRegion.put(table.regions().get(region), part);
        regions
            .get(region)
            .followed()
            .forEach((it, times) -> variants.merge(it, times, Integer::sum));
      }
      lines.add(
          new MethodLine(
              name,
              all == 0 ? 0 : own / all,
              perPeriod,
              perPeriod / regions.size() / disk,
              most > least ? (own - least) / (most - least) : null,
              most > free ? (own - free) / (most - free) : null,
              most > 0 ? own / most : null,
              byRegion,
              variants));
    }
    return new AtCapacity(settings.capacities().get(capacity).text(), disk, all, lines);
  }

  /** By region, of the periods that count. */
  private double[] demand() {
    double[] demand = new double[table.regions().size()];
    for (int period = warmup; period < table.periods(); period++) {
      for (int region = 0; region < demand.length; region++) {
        Cell cell = table.cell(period, region);
        demand[region] += cell == null ? 0 : cell.sum();
      }
    }
    return demand;
  }
}
