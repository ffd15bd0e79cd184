package oca.fill.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import oca.model.ContentId;
import oca.protocol.FillReport;

/** What reports and inventories say of jobs that nobody granted: pure. */
final class Evidence {
  private Evidence() {}

  /**
   * By reports: what was filled is done, what failed is one try less. Of what was granted the
   * appliance tells by the grant.
   *
   * @param tries how often a job is tried
   * @param asks whether the appliance fills by grants, and tells of those apart
   */
  static List<Step> reported(
      List<Job> jobs, Map<ContentId, FillReport.Result> newest, int tries, boolean asks) {
    List<Step> steps = new ArrayList<>();
    for (Job job : jobs) {
      FillReport.Result result = newest.get(job.file().id());
      Standing before = job.standing();
      if (result == null || isToldApart(before, asks)) {
        continue;
      }
      if (result.filled() && before.state() != JobState.DONE) {
        steps.add(
            done(job, "filled from the " + (result.bytesFromOrigin() > 0 ? "origin" : "peers")));
      } else if (!result.filled() && before.state() == JobState.QUEUED && !asks) {
        steps.add(Step.of(job.number(), before, before.failed(tries, 0), result.reason()));
      }
    }
    return steps;
  }

  private static boolean isToldApart(Standing before, boolean asks) {
    return before.state() == JobState.CANCELLED || (asks && before.state() == JobState.GRANTED);
  }

  /** By an inventory: what is held is done, what was done for a while and is not held was lost. */
  static List<Step> inventory(List<Job> jobs, Set<ContentId> held, long lostAfterMillis) {
    List<Step> steps = new ArrayList<>();
    for (Job job : jobs) {
      Standing before = job.standing();
      boolean has = held.contains(job.file().id());
      boolean old = job.ageMillis() >= lostAfterMillis;
      boolean untold =
          switch (before.state()) {
            case QUEUED, FAILED -> true;
            // Its end is told apart, unless it was filled without the grant.
            case GRANTED -> old;
            case DONE, CANCELLED -> false;
          };
      if (has && untold) {
        steps.add(done(job, "its inventory has it"));
      } else if (!has && before.state() == JobState.DONE && old) {
        steps.add(
            Step.of(job.number(), before, before.wantedAgain(), "its inventory lacks it: lost"));
      }
    }
    return steps;
  }

  private static Step done(Job job, String why) {
    Standing after = job.standing().ended(JobState.DONE, job.file().length());
    return Step.of(job.number(), job.standing(), after, why);
  }
}
