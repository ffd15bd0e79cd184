package oca.bench.fleet;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import oca.bench.fleet.Figures.Kind;
import oca.bench.fleet.FleetReport.Step;

/**
 * A report as SVG: over the size of the fleet, what each process takes of the CPU, and how long
 * answers let wait for themselves. Readable on white and on black.
 */
final class FleetChart {
  private static final int LEFT = 60;
  private static final int WIDTH = 330;
  private static final int HEIGHT = 220;
  private static final int TOP = 96;
  private static final int GAP = 110;

  /** Okabe and Ito's palette, which people of all colour visions tell apart. */
  private static final List<String> COLOURS =
      List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#999999");

  private record Curve(String name, ToDoubleFunction<Step> value) {}

  private final StringBuilder svg = new StringBuilder();
  private final FleetReport report;

  private FleetChart(FleetReport report) {
    this.report = report;
  }

  static String of(FleetReport report) {
    return new FleetChart(report).draw();
  }

  private String draw() {
    int width = LEFT + 2 * WIDTH + GAP + 90;
    add(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" \
        aria-label="What a simulated fleet costs, by its size">
        <style>
          text { font: 12px system-ui, sans-serif; fill: #222 }
          .t { font-size: 15px; font-weight: 600 } .s { font-size: 11px; opacity: .75 }
          line { stroke: #888; stroke-width: 1 } polyline { fill: none; stroke-width: 2 }
          @media (prefers-color-scheme: dark) { text { fill: #ddd } }
        </style>
        """,
        width, TOP + HEIGHT + 70);
    text(10, 22, "t", "A simulated fleet: what it takes of two cores, and how long answers take");
    panel(
        LEFT,
        "cores",
        List.of(
            new Curve("steering", step -> step.cores(FleetSimulation.STEERING)),
            new Curve("controller", step -> step.cores(FleetSimulation.CONTROLLER)),
            new Curve("PostgreSQL", step -> step.cores(FleetSimulation.POSTGRES)),
            new Curve("Kafka", step -> step.cores(FleetSimulation.KAFKA)),
            new Curve("simulator", step -> step.cores(FleetSimulation.SIMULATOR))));
    panel(
        LEFT + WIDTH + GAP,
        "milliseconds, p99",
        List.of(
            new Curve("decision", step -> step.seen(Kind.DECISION).p99Millis()),
            new Curve("heartbeat, steering", s -> s.seen(Kind.STEERING_HEARTBEAT).p99Millis()),
            new Curve("heartbeat, controller", s -> s.seen(Kind.CONTROLLER_HEARTBEAT).p99Millis()),
            new Curve("simulator late", Step::lateMillis)));
    text(10, TOP + HEIGHT + 56, "s", "bends: " + report.bend());
    add("</svg>\n");
    return svg.toString();
  }

  private void panel(int x, String unit, List<Curve> curves) {
    double most = 1e-9;
    for (Curve curve : curves) {
      for (Step step : report.steps()) {
        most = Math.max(most, curve.value().applyAsDouble(step));
      }
    }
    int largest = report.steps().getLast().appliances();
    add("<line x1='%d' y1='%d' x2='%d' y2='%d'/>\n", x, TOP, x, TOP + HEIGHT);
    add("<line x1='%d' y1='%d' x2='%d' y2='%d'/>\n", x, TOP + HEIGHT, x + WIDTH, TOP + HEIGHT);
    text(x - 40, TOP - 12, "s", unit);
    text(x - 40, TOP + 6, "s", String.format(Locale.ROOT, most < 10 ? "%.2f" : "%.0f", most));
    text(x - 40, TOP + HEIGHT, "s", "0");
    for (Step step : report.steps()) {
      text(x + along(step, largest) - 12, TOP + HEIGHT + 16, "s", "" + step.appliances());
    }
    text(x + WIDTH / 2 - 30, TOP + HEIGHT + 34, "s", "appliances");
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      StringBuilder points = new StringBuilder();
      for (Step step : report.steps()) {
        points.append(
            String.format(
                Locale.ROOT,
                "%d,%.1f ",
                x + along(step, largest),
                TOP + HEIGHT - curve.value().applyAsDouble(step) / most * HEIGHT));
      }
      String colour = COLOURS.get(i);
      add("<polyline points='%s' stroke='%s'/>\n", points.toString().strip(), colour);
      int legend = x + i % 2 * 150;
      add(
          "<rect x='%d' y='%d' width='12' height='10' fill='%s'/>\n",
          legend, 34 + i / 2 * 16, colour);
      text(legend + 17, 43 + i / 2 * 16, "", curve.name());
    }
  }

  private static int along(Step step, int largest) {
    return (int) Math.round((double) step.appliances() / largest * WIDTH);
  }

  private void text(int x, int y, String style, String words) {
    String escaped = words.replace("&", "&amp;").replace("<", "&lt;");
    add("<text x='%d' y='%d' class='%s'>%s</text>\n", x, y, style, escaped);
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
