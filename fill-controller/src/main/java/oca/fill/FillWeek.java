package oca.fill;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import oca.fill.day.DayScale;
import oca.fill.day.FillCalendar;
import oca.model.SiteId;

/**
 * When sites may fill in the days to come. What {@code GET /v1/calendar?days=} answers; instants
 * are wall time.
 *
 * @param now when it was asked
 * @param until how far it looks, days of plan time on
 * @param sites by id
 */
record FillWeek(Instant now, Instant until, List<SiteWindows> sites) {
  static final int MOST_DAYS = 31;

  FillWeek {
    sites = List.copyOf(sites);
  }

  /**
   * One site.
   *
   * @param windows in order, the one that is open first
   */
  record SiteWindows(SiteId site, List<Span> windows) {
    SiteWindows {
      windows = List.copyOf(windows);
    }
  }

  /** From {@code opens} until just before {@code closes}. */
  record Span(Instant opens, Instant closes) {}

  /**
   * Looks ahead.
   *
   * @param days of plan time, 1 to {@link #MOST_DAYS}
   * @param window the window of a site that is open at an instant of plan time, or opens next
   */
  static FillWeek of(
      Instant now,
      int days,
      DayScale scale,
      Set<SiteId> sites,
      Function<SiteId, Function<Instant, FillCalendar.Window>> window) {
    if (days < 1 || days > MOST_DAYS) {
      throw new IllegalArgumentException("days must be 1 to " + MOST_DAYS + ", not " + days);
    }
    Instant from = scale.plan(now);
    Instant until = from.plus(Duration.ofDays(days));
    List<SiteWindows> lines = new ArrayList<>();
    for (SiteId site : sites) {
      List<Span> windows = new ArrayList<>();
      FillCalendar.Window next = window.apply(site).apply(from);
      while (next.opens().isBefore(until)) {
        windows.add(new Span(scale.wall(next.opens()), scale.wall(next.closes())));
        next = window.apply(site).apply(next.closes());
      }
      lines.add(new SiteWindows(site, windows));
    }
    return new FillWeek(now, scale.wall(until), lines);
  }
}
