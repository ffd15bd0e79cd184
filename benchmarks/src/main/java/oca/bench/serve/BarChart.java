package oca.bench.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import oca.bench.serve.Report.Measured;

/**
 * A report's scenario as SVG: for each size a block of bars, a bar for each server, CPU per GB on
 * the left and requests per second on the right. Each block has an axis of its own from zero, for
 * small ranges are asked for a hundred times as often as large ones. Readable on white and on
 * black: text takes the page's colour scheme.
 */
final class BarChart {
  private static final int LEFT = 80;
  private static final int PANEL = 330;
  private static final int VALUE = 74;
  private static final int BAR = 14;
  private static final int GAP = 26;
  private static final int TOP = 92;

  /** Okabe and Ito's palette, which people of all colour visions tell apart. */
  private static final List<String> COLOURS =
      List.of("#0072B2", "#56B4E9", "#009E73", "#D55E00", "#E69F00", "#CC79A7", "#999999");

  private final StringBuilder svg = new StringBuilder();

  private BarChart() {}

  /**
   * The chart of the cells of one scenario, in their order; none of them may be without servers.
   */
  static String of(String title, String below, List<Measured> cells) {
    return new BarChart().draw(title, below, cells);
  }

  private String draw(String title, String below, List<Measured> cells) {
    List<String> servers =
        cells.stream().flatMap(cell -> cell.servers().keySet().stream()).distinct().toList();
    int width = LEFT + 2 * (PANEL + VALUE) + 30;
    int height = TOP + cells.size() * (servers.size() * BAR + GAP) + 40;
    add(
        String.format(
            Locale.ROOT,
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
            <style>
              text { font: 12px system-ui, sans-serif; fill: #222 }
              .t { font-size: 15px; font-weight: 600 } .s { font-size: 11px; opacity: .75 }
              line { stroke: #888; stroke-width: 1 }
              @media (prefers-color-scheme: dark) { text { fill: #ddd } }
            </style>
            """,
            width,
            height,
            title));
    text(10, 22, "t", title);
    legend(servers);
    int right = LEFT + PANEL + VALUE + 20;
    text(LEFT, TOP - 14, "s", "server CPU, ms per GB (less is better)");
    text(right, TOP - 14, "s", "requests per second (more is better)");
    int y = TOP;
    for (Measured cell : cells) {
      text(10, y + servers.size() * BAR / 2 + 4, "", cell.cell().sizeLabel());
      panel(LEFT, y, cell, servers, figures -> figures.cpuSecondsPerGigabyte() * 1000);
      panel(right, y, cell, servers, Figures::requestsPerSecond);
      y += servers.size() * BAR + GAP;
    }
    text(10, y + 12, "s", below);
    add("</svg>\n");
    return svg.toString();
  }

  private void legend(List<String> servers) {
    int x = 10;
    for (String server : servers) {
      rectangle(x, 38, 12, colour(servers, server));
      text(x + 17, 48, "", server);
      x += 30 + 8 * server.length();
    }
  }

  private void panel(
      int x, int y, Measured cell, List<String> servers, ToDoubleFunction<Figures> figure) {
    double most = 0;
    for (String server : servers) {
      most = Math.max(most, cell.median(server).map(figure::applyAsDouble).orElse(0.0));
    }
    add(
        String.format(
            Locale.ROOT,
            "<line x1='%d' y1='%d' x2='%d' y2='%d'/>%n",
            x,
            y - 3,
            x,
            y + servers.size() * BAR + 1));
    int at = y;
    for (String server : new ArrayList<>(servers)) {
      if (cell.median(server).isPresent()) {
        double value = figure.applyAsDouble(cell.median(server).get());
        int length = Math.max(1, (int) Math.round(value / most * PANEL));
        rectangle(x, at, length, colour(servers, server));
        text(x + length + 5, at + BAR - 4, "s", String.format(Locale.ROOT, "%,.0f", value));
      }
      at += BAR;
    }
  }

  private static String colour(List<String> servers, String server) {
    return COLOURS.get(servers.indexOf(server) % COLOURS.size());
  }

  private void rectangle(int x, int y, int width, String colour) {
    add(
        String.format(
            Locale.ROOT,
            "<rect x='%d' y='%d' width='%d' height='%d' fill='%s'/>%n",
            x,
            y,
            width,
            BAR - 2,
            colour));
  }

  private void text(int x, int y, String style, String words) {
    String escaped = words.replace("&", "&amp;").replace("<", "&lt;");
    add(
        String.format(
            Locale.ROOT, "<text x='%d' y='%d' class='%s'>%s</text>%n", x, y, style, escaped));
  }

  private void add(String element) {
    svg.append(element);
  }
}
