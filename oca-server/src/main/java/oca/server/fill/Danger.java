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
 *
 * <p>One that would come too late even so is late, and keeps its place: those who are due soonest
 * go on being fetched first, for a title is wanted after its release too.
 *
 * @param files in danger, by their deadlines
 * @param late those of them that cannot come in time any more
 */
record Danger(List<ContentId> files, List<ContentId> late) {
  /** Nobody is in danger. */
  static final Danger NONE = new Danger(List.of(), List.of());

  private static final double SPARE = 4.0 / 3;

  /** A file that is due, and what is missing of it. */
  record Due(ContentId file, Instant due, long bytes) {}

  /**
   * Looks at all that are due.
   *
   * @param closes when fetching ends; what is due later has to be here by then
   * @param bytesPerSecond at which files come in, more than 0
   */
  static Danger of(List<Due> files, Instant now, Instant closes, long bytesPerSecond) {
    List<Due> byDue = new ArrayList<>(files);
    byDue.sort(Comparator.comparing(Due::due));
    List<ContentId> late = new ArrayList<>();
    double seconds = 0;
    int inDanger = 0;
    for (int i = 0; i < byDue.size(); i++) {
      Due file = byDue.get(i);
      Instant end = file.due().isBefore(closes) ? file.due() : closes;
      double left = Duration.between(now, end).toMillis() / 1000.0;
      seconds += (double) file.bytes() / bytesPerSecond;
      if (left < seconds * SPARE) {
        inDanger = i + 1;
      }
      if (left < seconds) {
        late.add(file.file());
      }
    }
    return new Danger(byDue.subList(0, inDanger).stream().map(Due::file).toList(), late);
  }
}
