package oca.steering.operators;

import java.util.List;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Pages;

/** The operators' console page, see {@link Pages}. */
public final class Console {
  private static final List<String> FILES =
      List.of(
          "index.html",
          "icon.svg",
          "main.js",
          "api.js",
          "stream.js",
          "fleet.js",
          "appliance.js",
          "chart.js",
          "orders.js",
          "explain.js",
          "routes.js",
          "changes.js",
          "vendor/uplot-1.6.32/uPlot.esm.js",
          "vendor/uplot-1.6.32/uPlot.min.css");

  private final Pages pages = new Pages(Console.class, FILES);

  /** Adds the page; {@code /} leads there. */
  public void addForOperatorsTo(ControlListener listener) {
    pages.addTo(listener);
  }
}
