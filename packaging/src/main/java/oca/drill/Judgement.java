package oca.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came out of a drill.
 *
 * @param drill its name
 * @param hypothesis what was held to be true
 * @param scope what the fault was done to
 * @param outcome whether it holds
 * @param reasons why not, or why nothing was shown
 * @param undisturbed what viewers saw without the fault
 * @param disturbed what the same viewers saw with it
 * @param injectedMillis how long the fault lasted
 * @param wholeAgainMillis from undoing it until all appliances were in answers again; -1 when that
 *     did not come
 * @param foretold what was foretold of it; nothing of most
 */
public record Judgement(
    String drill,
    String hypothesis,
    String scope,
    Outcome outcome,
    List<String> reasons,
    Sight undisturbed,
    Sight disturbed,
    long injectedMillis,
    long wholeAgainMillis,
    List<Foretold> foretold) {

  /** How a drill ends. */
  public enum Outcome {
    /** Viewers lost no more than the drill allows. */
    HELD,
    /** They lost more. */
    BROKEN,
    /** They lost so much that the fault was undone before its time. */
    ABORTED,
    /** The fault could not be done here. */
    NOT_RUN
  }

  static final Sight NOTHING = new Sight(0, 0, 0, 0, 0, Map.of(), 0, 0, 0, 0, 0, List.of());

  public Judgement {
    reasons = List.copyOf(reasons);
    foretold = List.copyOf(foretold);
  }

  /** The same with what was foretold, which must have come; a drill that held is broken else. */
  Judgement with(List<Foretold> told) {
    List<String> off = new ArrayList<>();
    for (Foretold one : told) {
      if (one.isOff()) {
        off.add(
            String.format(
                Locale.ROOT,
                "%s: %.1f %% foretold, %.1f %% measured",
                one.what(),
                one.foretold(),
                one.measured()));
      }
    }
    return with(told, off);
  }

  /** The same, but broken for that reason. */
  Judgement without(String reason) {
    return with(List.of(), List.of(reason));
  }

  private Judgement with(List<Foretold> told, List<String> more) {
    List<String> all = new ArrayList<>(reasons);
    all.addAll(more);
    return new Judgement(
        drill,
        hypothesis,
        scope,
        outcome == Outcome.HELD && !more.isEmpty() ? Outcome.BROKEN : outcome,
        all,
        undisturbed,
        disturbed,
        injectedMillis,
        wholeAgainMillis,
        told);
  }

  /** Whether it speaks against the product. */
  public boolean isBad() {
    return outcome == Outcome.BROKEN || outcome == Outcome.ABORTED;
  }

  static Judgement notRun(Drill drill, String why) {
    return new Judgement(
        drill.name(),
        drill.hypothesis(),
        drill.scope(),
        Outcome.NOT_RUN,
        List.of(why),
        NOTHING,
        NOTHING,
        0,
        -1,
        List.of());
  }

  /** Compares the two. */
  static Judgement of(
      Drill drill,
      Sight undisturbed,
      Sight disturbed,
      boolean aborted,
      long injectedMillis,
      long wholeAgainMillis) {
    List<String> reasons = new ArrayList<>();
    Drill.Limits limits = drill.limits();
    if (disturbed.wrongBytes() > 0) {
      reasons.add(disturbed.wrongBytes() + " wrong bytes");
    }
    exceeded(
        reasons,
        "share of sessions that failed",
        undisturbed.failedShare(),
        disturbed.failedShare(),
        limits.failed());
    exceeded(
        reasons,
        "seconds that a session stood still",
        undisturbed.lateSecondsPerSession(),
        disturbed.lateSecondsPerSession(),
        limits.late());
    exceeded(
        reasons,
        "share of bytes from the origin",
        undisturbed.originShare(),
        disturbed.originShare(),
        limits.origin());
    if (wholeAgainMillis < 0) {
      reasons.add("the fleet was not whole again in time");
    }
    reasons.addAll(disturbed.faults());
    boolean held =
        disturbed.wrongBytes() == 0
            && wholeAgainMillis >= 0
            && disturbed.failedShare() - undisturbed.failedShare() <= limits.failed()
            && disturbed.lateSecondsPerSession() - undisturbed.lateSecondsPerSession()
                <= limits.late()
            && disturbed.originShare() - undisturbed.originShare() <= limits.origin();
    return new Judgement(
        drill.name(),
        drill.hypothesis(),
        drill.scope(),
        aborted ? Outcome.ABORTED : held ? Outcome.HELD : Outcome.BROKEN,
        held && !aborted ? List.of() : reasons,
        undisturbed,
        disturbed,
        injectedMillis,
        wholeAgainMillis,
        List.of());
  }

  private static void exceeded(
      List<String> reasons, String what, double before, double during, double most) {
    if (during - before > most) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "%s: %.2f, without the fault %.2f; %.2f more was allowed",
              what,
              during,
              before,
              most));
    }
  }
}
