package oca.fill.jobs;

/**
 * What became of a plan.
 *
 * @param taken false when one as new or newer was there before: nothing was changed
 * @param added jobs that are new
 * @param again jobs that had ended and were opened again
 * @param withdrawn jobs that the plan does not want
 * @param changed other jobs that it changed
 */
public record Applied(boolean taken, int added, int again, int withdrawn, int changed) {
  /** Refused. */
  public static final Applied STALE = new Applied(false, 0, 0, 0, 0);
}
