package oca.fill.trigger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;

/**
 * One trigger, as it is kept. Immutable.
 *
 * @param number of no other trigger, ever
 * @param owner whose it is
 * @param spec as it came
 * @param work what it comes to
 * @param state how it stands
 * @param created wall time
 * @param changed when its state last did
 * @param ended when it came to an end; null before
 * @param problems faults of appliances, at most {@link #MOST_PROBLEMS}
 * @param carriedOut appliances that did their part of an order, well or not
 */
record Trigger(
    long number,
    String owner,
    TriggerSpec spec,
    Work work,
    TriggerState state,
    Instant created,
    Instant changed,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant ended,
    List<String> problems,
    Set<ApplianceId> carriedOut) {
  private static final int MOST_PROBLEMS = 20;

  Trigger {
    problems = List.copyOf(problems);
    carriedOut = java.util.Collections.unmodifiableSet(new TreeSet<>(carriedOut));
  }

  Trigger in(TriggerState next, Instant now) {
    if (next == state) {
      return this;
    }
    Instant end = next.isEnded() ? now : null;
    return new Trigger(number, owner, spec, work, next, created, now, end, problems, carriedOut);
  }

  Trigger done(ApplianceId appliance, String problem) {
    Set<ApplianceId> done = new TreeSet<>(carriedOut);
    done.add(appliance);
    List<String> more = new ArrayList<>(problems);
    if (!problem.isEmpty() && more.size() < MOST_PROBLEMS) {
      more.add(appliance + ": " + problem);
    }
    return new Trigger(number, owner, spec, work, state, created, changed, ended, more, done);
  }

  /** Whether that appliance still has to do something for it. */
  boolean waitsFor(ApplianceId appliance) {
    boolean open =
        !state.isEnded() || state == TriggerState.PROCESSED || state == TriggerState.FAILED;
    return open && work.isOrder() && !carriedOut.contains(appliance);
  }

  /** What is wrong with it, for its owner. */
  @JsonIgnore
  List<TriggerError> errors() {
    List<TriggerError> errors = new ArrayList<>(work.errors());
    for (String problem : problems) {
      errors.add(TriggerError.all(TriggerError.Code.ECDN, spec, problem));
    }
    if (state == TriggerState.CANCELLED) {
      errors.add(TriggerError.all(TriggerError.Code.ECANCELED, spec, "cancelled by its owner"));
    }
    return errors;
  }
}
