package oca.fill.console;

import java.util.List;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Pages;

/** The console page of filling, see {@link Pages}. */
public final class FillConsole {
  private static final List<String> FILES =
      List.of(
          "index.html",
          "icon.svg",
          "fill.css",
          "main.js",
          "status.js",
          "api.js",
          "tonight.js",
          "calendar.js",
          "jobs.js",
          "titles.js",
          "misses.js",
          "now.js",
          "line.js");

  private final Pages pages = new Pages(FillConsole.class, FILES);

  /** Adds the page; {@code /} leads there. */
  public void addTo(ControlListener listener) {
    pages.addTo(listener);
  }
}
