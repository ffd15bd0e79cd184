package oca.fill;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import oca.fill.FillStatus.CalendarLine;
import oca.fill.catalog.CatalogView;
import oca.fill.forecast.Forecaster.Announced;
import oca.fill.release.Announcement;
import oca.fill.release.ReleaseBook;
import oca.fill.release.ReleaseEndpoint;
import oca.model.ContentId;

/**
 * The release calendar in force: what was announced over HTTP, and the operator's file. Of a file
 * that both name, what was announced counts: it is newer, and one can see who set it. Any thread.
 */
record ReleaseCalendar(ReleaseBook book, ReleaseFile file) {
  /** What is announced of files in the catalogue; of a file's entries the first counts. */
  List<Announced> announced(CatalogView catalog, Instant planNow) {
    long hour = Math.floorDiv(planNow.getEpochSecond(), 3600L);
    List<Announced> all = new ArrayList<>();
    for (Announcement release : book.content().releases()) {
      long daysAgo = Math.floorDiv(hour - release.hour(), 24L);
      Double audience = release.audience();
      double prior = audience == null ? Double.NaN : audience;
      for (String name : release.names()) {
        for (ContentId id : ReleaseEndpoint.files(catalog, name)) {
          all.add(new Announced(id, daysAgo, release.kind(), prior));
        }
      }
    }
    all.addAll(file.announced(catalog, planNow));
    return all;
  }

  /** Release times of files in the catalogue, in plan time, from {@code first} to {@code last}. */
  Map<ContentId, Instant> times(CatalogView catalog, Instant first, Instant last) {
    Map<ContentId, Instant> times = file.times(catalog, first, last);
    for (Announcement release : book.content().releases()) {
      Instant at = release.time().orElse(Instant.EPOCH);
      for (String name : release.names()) {
        for (ContentId id : ReleaseEndpoint.files(catalog, name)) {
          // What was announced counts, also when it takes the file out of the time asked for.
          if (at.isBefore(first) || at.isAfter(last)) {
            times.remove(id);
          } else {
            times.put(id, at);
          }
        }
      }
    }
    return times;
  }

  /** For the status. */
  CalendarLine line(CatalogView catalog) {
    CalendarLine line = file.line(catalog);
    return new CalendarLine(
        line.file(),
        line.releases(),
        line.unknown(),
        line.refused(),
        line.examples(),
        line.problem(),
        book.content().releases().size());
  }
}
