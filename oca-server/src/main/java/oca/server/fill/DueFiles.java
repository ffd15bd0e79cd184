package oca.server.fill;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import oca.model.ContentId;
import oca.protocol.FillManifest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files are in danger of missing their release, looked at anew once in a while and when the
 * queue has changed. Owned by the queue and guarded by its lock.
 */
final class DueFiles {
  private static final Logger log = LoggerFactory.getLogger(DueFiles.class);

  /** So many late files are named in the log by one look. */
  private static final int MOST_TOLD = 10;

  /** How fast files come in. */
  interface Speed {
    /**
     * In bytes per second, more than 0, by the manifest's rate and whether all workers are busy.
     */
    long now(long manifestRate, boolean busy);
  }

  private final Duration recheck;
  private final Speed speed;
  private Danger danger = Danger.NONE;
  private Set<ContentId> files = Set.of();
  private Set<ContentId> late = Set.of();
  private Instant seen = Instant.MIN;

  DueFiles(Duration recheck, Speed speed) {
    this.recheck = recheck;
    this.speed = speed;
  }

  /** Those in danger, by their deadlines. */
  List<ContentId> look(
      FillManifest from,
      Collection<FillJob> waiting,
      Collection<FillJob> running,
      boolean busy,
      Instant now) {
    if (now.isBefore(seen) || !now.isBefore(seen.plus(recheck))) {
      seen = now;
      List<FillJob> jobs = new ArrayList<>(waiting);
      jobs.addAll(running);
      look(from, jobs, busy, now);
    }
    return danger.files();
  }

  private void look(FillManifest from, List<FillJob> jobs, boolean busy, Instant now) {
    List<Danger.Due> due = new ArrayList<>();
    for (FillJob job : jobs) {
      Instant at = job.entry().due();
      if (at != null) {
        long missing = Math.max(0, job.entry().file().length() - job.bytesFetched());
        due.add(new Danger.Due(job.file(), at, missing));
      }
    }
    long rate = speed.now(from.bytesPerSecond(), busy);
    Set<ContentId> before = late;
    danger = Danger.of(due, now, from.window().closes(), rate);
    files = Set.copyOf(danger.files());
    late = Set.copyOf(danger.late());
    jobs.stream()
        .filter(it -> late.contains(it.file()) && !before.contains(it.file()))
        .limit(MOST_TOLD)
        .forEach(
            it ->
                log.warn(
                    "{} is due at {} and cannot be here by then at {} bytes/s",
                    it.entry().file().path(),
                    it.entry().due(),
                    rate));
  }

  /** Whether a file was in danger at the last look. */
  boolean contains(ContentId file) {
    return files.contains(file);
  }

  /** How many cannot be here in time any more, as of the last look. */
  int late() {
    return late.size();
  }

  /** The next look is a new one: the queue has changed. */
  void forget() {
    seen = Instant.MIN;
  }
}
