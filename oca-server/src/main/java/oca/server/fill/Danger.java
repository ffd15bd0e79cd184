package oca.server.fill;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import oca.model.ContentId;

/**
 * Which of the files that are due must be fetched before all others, or they come too late. Pure.
 *
 * <p>Files with a deadline are taken in the order of their deadlines. One is in danger when it and
 * all that are due before it would take longer than is left, at the rate and with a third to spare;
 * those due before it are then in danger too. While none is, files come in the order of their
 * value: a deadline costs nobody anything until it is near.
 */
final class Danger {
  private static final double SPARE = 4.0 / 3;

  private Danger() {}

  /** A file that is due, and what is missing of it. */
  record Due(ContentId file, Instant due, long bytes) {}

  /** Those in danger, by their deadlines. */
  static List<ContentId> of(List<Due> files, Instant now, long bytesPerSecond) {
    List<Due> byDue = new ArrayList<>(files);
    byDue.sort(Comparator.comparing(Due::due));
    double seconds = 0;
    int inDanger = 0;
    for (int i = 0; i < byDue.size(); i++) {
      Due file = byDue.get(i);
      seconds += (double) file.bytes() / bytesPerSecond;
      if (Duration.between(now, file.due()).toMillis() / 1000.0 < seconds * SPARE) {
        inDanger = i + 1;
      }
    }
    return byDue.subList(0, inDanger).stream().map(Due::file).toList();
  }
}
