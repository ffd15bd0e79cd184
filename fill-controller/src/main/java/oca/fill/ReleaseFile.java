package oca.fill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.fill.FillStatus.CalendarLine;
import oca.fill.catalog.CatalogView;
import oca.fill.evaluate.BadRows;
import oca.fill.evaluate.ReleaseCsv;
import oca.fill.forecast.Forecaster.Announced;
import oca.fill.release.ReleaseEndpoint;
import oca.model.ContentId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The release calendar as a file that the operator or a job of theirs writes: read again when it
 * has changed. A file that cannot be read leaves the lines of the one before in force. Any thread.
 */
final class ReleaseFile {
  private static final Logger log = LoggerFactory.getLogger(ReleaseFile.class);
  private static final int MAX_LINES = 1_000_000;

  private final Optional<Path> file;
  private String stamp = "";
  private String problem = "";
  private ReleaseCsv.Read read = new ReleaseCsv.Read(List.of(), BadRows.Summary.NONE);

  ReleaseFile(Optional<Path> file) {
    this.file = file;
  }

  /** What is announced of files in the catalogue, as seen from {@code planNow}. */
  synchronized List<Announced> announced(CatalogView catalog, Instant planNow) {
    refresh();
    long hour = Math.floorDiv(planNow.getEpochSecond(), 3600L);
    List<Announced> announced = new ArrayList<>();
    for (ReleaseCsv.Line line : read.lines()) {
      long daysAgo = Math.floorDiv(hour - line.period(), 24L);
      double prior = line.prior().orElse(Double.NaN);
      for (ContentId id : ReleaseEndpoint.files(catalog, line.file())) {
        announced.add(new Announced(id, daysAgo, line.kind(), prior));
      }
    }
    return announced;
  }

  /** Release times of files in the catalogue, in plan time, from {@code first} to {@code last}. */
  synchronized Map<ContentId, Instant> times(CatalogView catalog, Instant first, Instant last) {
    refresh();
    Map<ContentId, Instant> times = new HashMap<>();
    for (ReleaseCsv.Line line : read.lines()) {
      Instant at = Instant.ofEpochSecond(line.period() * 3600L);
      if (!at.isBefore(first) && !at.isAfter(last)) {
        ReleaseEndpoint.files(catalog, line.file())
            .forEach(id -> times.merge(id, at, ReleaseFile::sooner));
      }
    }
    return times;
  }

  private static Instant sooner(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** For the status. */
  synchronized CalendarLine line(CatalogView catalog) {
    refresh();
    int unknown =
        (int)
            read.lines().stream()
                .filter(it -> ReleaseEndpoint.files(catalog, it.file()).isEmpty())
                .count();
    return new CalendarLine(
        file.map(Path::toString).orElse(""),
        read.lines().size(),
        unknown,
        read.refused().rows(),
        read.refused().examples(),
        problem,
        0);
  }

  private void refresh() {
    if (file.isEmpty()) {
      return;
    }
    Path path = file.get();
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      String next = now.lastModifiedTime() + "/" + now.size() + "/" + now.fileKey();
      if (!next.equals(stamp)) {
        // A file that is refused is not read again either until it changes.
        stamp = next;
        read = ReleaseCsv.read(path, MAX_LINES);
        note("");
        log.info(
            "release calendar {}: {} lines, {} refused",
            path,
            read.lines().size(),
            read.refused().rows());
        read.refused().examples().forEach(it -> log.warn("release calendar: {}", it));
      }
    } catch (IOException e) {
      note(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private void note(String next) {
    if (!next.equals(problem)) {
      problem = next;
      if (!next.isEmpty()) {
        log.warn("the release calendar as it was read before stays in force: {}", next);
      }
    }
  }
}
