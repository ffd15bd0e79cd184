package oca.protocol;

import java.util.List;
import oca.model.ApplianceId;
import oca.model.ContentId;

/**
 * What an appliance is to fetch, and what no more. Comes at least once: the receiver recognises it
 * by job, generation and attempt.
 *
 * <p>The receiver keeps, for each job, the highest generation and attempt that it has seen, and
 * takes no grant below those. Its store is told the generation of the writer, and refuses older
 * ones.
 *
 * @param appliance whom it is for
 * @param number grows; said back in {@link FillAsk#heard}
 * @param grants most urgent first; one of a job that it works on by an older grant goes on with the
 *     bytes that are there
 * @param stops after the grants: one of them is obeyed when generation and attempt are those of the
 *     grant that it works on, and {@code by} is not below that generation
 */
public record FillGrant(ApplianceId appliance, long number, List<Grant> grants, List<Stop> stops) {
  public FillGrant {
    grants = List.copyOf(grants);
    stops = List.copyOf(stops);
  }

  /**
   * One file to begin with. What it is and from where it can be had stands in the manifest.
   *
   * @param job the job's number
   * @param generation of the controller's lease under which it was granted
   * @param attempt from 1
   * @param path of the file
   * @param sha256 of its bytes: a manifest that has others under this path is not the one meant
   */
  public record Grant(long job, long generation, int attempt, String path, String sha256) {
    /** The file's id. */
    public ContentId file() {
      return ContentId.ofPath(path);
    }
  }

  /**
   * One file not to fetch any more; its bytes stay for the next grant.
   *
   * @param by generation of the lease of the controller that says so
   */
  public record Stop(long job, long generation, int attempt, long by) {}
}
