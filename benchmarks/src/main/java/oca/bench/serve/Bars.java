package oca.bench.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;
import oca.bench.serve.Report.Measured;

/**
 * What we want to be, against the better of the two configurations of nginx, figure by figure. One
 * list; a bar has a verdict for each cell it speaks of.
 */
final class Bars {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final List<String> NGINX = List.of("nginx", "nginx-nopush");

  /** A figure, and whether more of it is better. */
  enum Figure {
    REQUESTS("requests/s", true),
    CPU("server CPU per GB", false),
    P99("p99", false),
    ALLOCATED("bytes allocated per request", false);

    private final String label;
    private final boolean moreIsBetter;

    Figure(String label, boolean moreIsBetter) {
      this.label = label;
      this.moreIsBetter = moreIsBetter;
    }

    private double of(Figures figures) {
      return switch (this) {
        case REQUESTS -> figures.requestsPerSecond();
        case CPU -> figures.cpuSecondsPerGigabyte();
        case P99 -> figures.p99Millis();
        case ALLOCATED -> figures.allocated();
      };
    }

    /** The best that any of these servers did; nothing when none was measured. */
    OptionalDouble best(Measured cell, List<String> servers) {
      var figures =
          servers.stream().flatMap(name -> cell.median(name).stream()).mapToDouble(this::of);
      return moreIsBetter ? figures.max() : figures.min();
    }
  }

  /**
   * What came of a bar in a cell.
   *
   * @param cell where
   * @param bar what was wanted, in words
   * @param value what was measured: a ratio, or bytes
   * @param met whether it is enough
   */
  record Verdict(Cell cell, String bar, double value, boolean met) {}

  /** The limit is a ratio to the others' best figure, or the figure's own when there are none. */
  private record Bar(
      Predicate<Cell> where, String ours, List<String> others, Figure figure, double limit) {
    String words() {
      return "%s of %s %s %s%s"
          .formatted(
              figure.label,
              ours,
              figure.moreIsBetter ? "at least" : "at most",
              others.isEmpty() ? "%.0f".formatted(limit) : "%.2fx ".formatted(limit),
              others.isEmpty() ? "" : others.equals(NGINX) ? "nginx's" : others.getFirst() + "'s");
    }

    void judge(Measured measured, List<Verdict> into) {
      if (!where.test(measured.cell())) {
        return;
      }
      OptionalDouble mine = figure.best(measured, List.of(ours));
      OptionalDouble theirs =
          others.isEmpty() ? OptionalDouble.of(1) : figure.best(measured, others);
      if (mine.isEmpty() || theirs.isEmpty() || Double.isNaN(mine.getAsDouble())) {
        return;
      }
      double value = mine.getAsDouble() / theirs.getAsDouble();
      boolean met = figure.moreIsBetter ? value >= limit : value <= limit;
      into.add(new Verdict(measured.cell(), words(), value, met));
    }
  }

  private Bars() {}

  /** All verdicts that these cells allow. */
  static List<Verdict> judge(List<Measured> cells, String ours) {
    List<Bar> bars = all(ours);
    List<Verdict> verdicts = new ArrayList<>();
    for (Measured cell : cells) {
      bars.forEach(bar -> bar.judge(cell, verdicts));
    }
    return List.copyOf(verdicts);
  }

  private static List<Bar> all(String ours) {
    List<Bar> bars = new ArrayList<>();
    Predicate<Cell> hot = Cell::hot;
    Predicate<Cell> clear = hot.and(cell -> !cell.tls());
    Predicate<Cell> few = clear.and(cell -> cell.connections() == 32);
    Predicate<Cell> many = clear.and(cell -> cell.connections() == 512);
    Map<Integer, List<Double>> requestsCpuTail =
        new TreeMap<>(
            Map.of(
                64 * KIB,
                List.of(1.05, 1.1, 1.0),
                256 * KIB,
                List.of(1.2, 1.0, 0.9),
                MIB,
                List.of(1.7, 1.0, 0.7),
                4 * MIB,
                List.of(1.0, 1.0, 1.0)));
    requestsCpuTail.forEach(
        (size, limits) -> {
          Predicate<Cell> where = few.and(cell -> cell.size() == size);
          bars.add(new Bar(where, ours, NGINX, Figure.REQUESTS, limits.get(0)));
          bars.add(new Bar(where, ours, NGINX, Figure.CPU, limits.get(1)));
          bars.add(new Bar(where, ours, NGINX, Figure.P99, limits.get(2)));
        });
    bars.add(new Bar(few.and(cell -> cell.size() == 16 * KIB), ours, NGINX, Figure.CPU, 1.4));
    for (Figure figure : List.of(Figure.REQUESTS, Figure.CPU, Figure.P99)) {
      bars.add(new Bar(many, ours, NGINX, figure, 1.0));
    }
    bars.add(new Bar(hot, "oca-io_uring", List.of("oca-epoll"), Figure.REQUESTS, 0.95));
    Predicate<Cell> tls = hot.and(Cell::tls);
    Predicate<Cell> middle = tls.and(cell -> cell.size() == 64 * KIB || cell.size() == 256 * KIB);
    bars.add(new Bar(tls, ours, NGINX, Figure.CPU, 0.75));
    bars.add(new Bar(middle, ours, NGINX, Figure.REQUESTS, 1.2));
    bars.add(new Bar(tls.and(cell -> cell.size() > 256 * KIB), ours, NGINX, Figure.REQUESTS, 1.0));
    bars.add(new Bar(hot, ours, List.of(), Figure.ALLOCATED, 300));
    return bars;
  }

  /** Ours against the better nginx, or NaN when either is missing. */
  static double ratio(Measured cell, String server, Figure figure) {
    OptionalDouble mine = figure.best(cell, List.of(server));
    OptionalDouble theirs = figure.best(cell, NGINX);
    return mine.isPresent() && theirs.isPresent()
        ? mine.getAsDouble() / theirs.getAsDouble()
        : Double.NaN;
  }
}
