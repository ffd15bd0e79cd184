package oca.fill.jobs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oca.fill.jobs.Tell.Kind;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;

/**
 * What a plan does to the jobs there are: pure, and the same for every store.
 *
 * @param added jobs to be made
 * @param steps changes of jobs
 * @param again how many of the steps open a job that had ended
 * @param withdrawn how many of them cancel one
 */
public record PlanDiff(List<Added> added, List<Step> steps, int again, int withdrawn) {
  /** A job to be made. */
  public record Added(Wanted wanted, Standing standing) {}

  /** What makes a job unique. */
  public record Key(ApplianceId appliance, String path, String version) {
    /** Of a job or a wish. */
    public static Key of(ApplianceId appliance, JobFile file) {
      return new Key(appliance, file.path(), file.version());
    }
  }

  public PlanDiff {
    added = List.copyOf(added);
    steps = List.copyOf(steps);
  }

  /**
   * Compares.
   *
   * @param version of the plan, for the reasons
   * @param wanted all that it wants on the appliances that it plans for
   * @param there all jobs of those appliances
   * @throws IllegalArgumentException when it wants the same twice
   */
  public static PlanDiff of(long version, Collection<Wanted> wanted, Collection<Job> there) {
    Map<Key, Wanted> open = HashMap.newHashMap(wanted.size());
    for (Wanted one : wanted) {
      if (open.put(Key.of(one.appliance(), one.file()), one) != null) {
        throw new IllegalArgumentException(
            "plan " + version + " wants " + one.file().path() + " twice on " + one.appliance());
      }
    }
    List<Step> steps = new ArrayList<>();
    int again = 0;
    int withdrawn = 0;
    for (Job job : there) {
      Wanted want = open.remove(Key.of(job.appliance(), job.file()));
      Standing before = job.standing();
      Step step = want == null ? withdraw(version, job) : keep(version, job, want);
      if (step != null) {
        steps.add(step);
        again += before.state().ended() && !step.after().state().ended() ? 1 : 0;
        withdrawn += want == null ? 1 : 0;
      }
    }
    // As the plan has them, so that numbers grow in its order.
    List<Added> added = new ArrayList<>(open.size());
    for (Wanted one : wanted) {
      if (open.containsKey(Key.of(one.appliance(), one.file()))) {
        JobState state = one.held() ? JobState.DONE : JobState.QUEUED;
        added.add(new Added(one, Standing.first(state, one.value(), one.deadline())));
      }
    }
    return new PlanDiff(added, steps, again, withdrawn);
  }

  private static @Nullable Step withdraw(long version, Job job) {
    Standing before = job.standing();
    if (before.state() == JobState.CANCELLED) {
      return null;
    }
    Step step =
        Step.of(
            job.number(),
            before,
            before.ended(JobState.CANCELLED, 0),
            "plan " + version + " does not want it");
    return before.state() == JobState.GRANTED ? step.telling(Kind.STOP) : step;
  }

  private static @Nullable Step keep(long version, Job job, Wanted want) {
    Standing before = job.standing();
    return switch (before.state()) {
      case QUEUED ->
          want.held()
              ? Step.of(
                  job.number(),
                  before,
                  before.ended(JobState.DONE, want.file().length()),
                  "its inventory has it")
              : worth(job, want);
      case GRANTED -> worth(job, want);
      case DONE -> null;
      case FAILED, CANCELLED ->
          want.held()
              ? Step.of(
                  job.number(),
                  before,
                  before.ended(JobState.DONE, want.file().length()),
                  "plan " + version + " wants it, its inventory has it")
              : Step.of(
                  job.number(), before, again(before, want), "plan " + version + " wants it again");
    };
  }

  private static Standing again(Standing before, Wanted want) {
    Standing next = before.wantedAgain();
    return new Standing(
        next.state(),
        next.attempt(),
        next.generation(),
        next.tries(),
        next.checkpoint(),
        want.value(),
        want.deadline(),
        next.paused(),
        next.revision());
  }

  private static @Nullable Step worth(Job job, Wanted want) {
    Standing before = job.standing();
    return before.value() == want.value() && before.deadline() == want.deadline()
        ? null
        : Step.of(job.number(), before, before.worth(want.value(), want.deadline()), job.why());
  }
}
