package oca.fill.day;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import oca.fill.day.FillCalendar.Window;

/**
 * All windows of a site, in plan time.
 *
 * @param windows one or more, each by its own zone and days
 */
public record FillCalendars(List<FillCalendar> windows) {
  public FillCalendars {
    windows = List.copyOf(windows);
    if (windows.isEmpty()) {
      throw new IllegalArgumentException("a site has at least one window");
    }
  }

  /**
   * The window that is open at {@code plan}, or else the next to open. Of several that are open the
   * one that closes last.
   */
  public Window at(Instant plan) {
    List<Window> all = windows.stream().map(it -> it.at(plan)).toList();
    return all.stream()
        .filter(it -> it.isOpen(plan))
        .max(Comparator.comparing(Window::closes))
        .orElseGet(() -> all.stream().min(Comparator.comparing(Window::opens)).orElseThrow());
  }
}
