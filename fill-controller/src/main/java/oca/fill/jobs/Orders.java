package oca.fill.jobs;

import java.util.Locale;
import oca.fill.jobs.Tell.Kind;
import org.jspecify.annotations.Nullable;

/** What operators' commands do to a job: pure. */
final class Orders {
  private Orders() {}

  /** The step that obeys; null when nothing is left to do. */
  static @Nullable Step step(Job job, Command command) {
    Standing before = job.standing();
    Standing after =
        switch (command.what()) {
          case PAUSE -> before.paused() ? null : before.paused(true);
          case RESUME -> before.paused() ? before.paused(false) : null;
          case CANCEL ->
              before.state() == JobState.CANCELLED ? null : before.ended(JobState.CANCELLED, 0);
          case REPRIORITISE ->
              before.value() == command.value() && before.deadline() == command.deadline()
                  ? null
                  : before.worth(command.value(), command.deadline());
        };
    if (after == null) {
      return null;
    }
    String what = command.what().name().toLowerCase(Locale.ROOT);
    Step step =
        Step.of(job.number(), before, after, what + " by " + command.who())
            .ordered(what, command.who());
    boolean stops =
        before.state() == JobState.GRANTED
            && (after.state() != JobState.GRANTED || after.attempt() != before.attempt());
    return stops ? step.telling(Kind.STOP) : step;
  }
}
