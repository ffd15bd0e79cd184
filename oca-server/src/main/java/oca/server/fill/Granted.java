package oca.server.fill;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import oca.model.ContentId;
import oca.protocol.BlockList;
import oca.protocol.FillManifest.Entry;
import org.jspecify.annotations.Nullable;

/** What grants mean for files of the queue. Under the queue's lock. */
final class Granted {
  private final Grants grants;

  Granted(Grants grants) {
    this.grants = grants;
  }

  /** The jobs to choose from, in order: all, or those with a grant. */
  Collection<FillJob> candidates(Map<ContentId, FillJob> waiting) {
    if (!grants.inForce()) {
      return waiting.values();
    }
    List<FillJob> jobs = new ArrayList<>();
    for (ContentId file : grants.files()) {
      FillJob job = waiting.get(file);
      if (job != null && grants.writer(job.entry().file()) != null) {
        jobs.add(job);
      }
    }
    return jobs;
  }

  /** Whether the job may be begun, or gone on with. */
  boolean mayBegin(FillJob job, Map<ContentId, Entry> wanted) {
    return !grants.inForce() || writer(job, wanted) != null;
  }

  /**
   * The grant of the job's file; a block list has, beside its own, those of the files that name it.
   */
  Grants.@Nullable Writer writer(FillJob job, Map<ContentId, Entry> wanted) {
    Grants.Writer own = grants.writer(job.entry().file());
    if (own != null || job.blockList() != null) {
      return own;
    }
    for (ContentId file : grants.files()) {
      Entry entry = wanted.get(file);
      BlockList blocks = entry == null ? null : entry.file().blocks();
      if (entry != null && blocks != null && ContentId.ofPath(blocks.path()).equals(job.file())) {
        return grants.writer(entry.file());
      }
    }
    return null;
  }

  /** Those of the files in hand that do not wait for a time to come. */
  int atWork(Collection<ContentId> inHand, Map<ContentId, FillJob> waiting, Instant now) {
    int atWork = 0;
    for (ContentId file : inHand) {
      FillJob job = waiting.get(file);
      atWork += job == null || job.isReady(now) ? 1 : 0;
    }
    return atWork;
  }

  /** How many of these wait, and have no grant. */
  int lacking(Collection<ContentId> files, Map<ContentId, FillJob> waiting) {
    int lacking = 0;
    for (ContentId file : files) {
      FillJob job = waiting.get(file);
      lacking += job != null && grants.writer(job.entry().file()) == null ? 1 : 0;
    }
    return lacking;
  }

  void moved() {
    grants.moved();
  }
}
