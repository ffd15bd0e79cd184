package oca.fill.jobs;

/**
 * What of a job changes. Immutable; each change makes the next by one of the methods below.
 *
 * @param state see {@link JobState}
 * @param attempt from 1, grows with each new try
 * @param generation of the lease under which the present attempt was granted; 0 before the first
 *     grant, never falls
 * @param tries that failed since a plan last asked for the file: the retry budget spent
 * @param checkpoint bytes that the appliance is known to have, for those who look; it only falls
 *     when the file was lost
 * @param value expected bytes served per byte stored
 * @param deadline milliseconds since 1970 by which it should be there, or {@link #NO_DEADLINE}
 * @param paused by an operator: not given out until resumed
 * @param revision grows by one with each change; a writer names the one that it knows
 */
public record Standing(
    JobState state,
    int attempt,
    long generation,
    int tries,
    long checkpoint,
    double value,
    long deadline,
    boolean paused,
    long revision) {
  /** Whenever it comes. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  /** A job that a plan has just brought. */
  static Standing first(JobState state, double value, long deadline) {
    return new Standing(state, 1, 0, 0, 0, value, deadline, false, 1);
  }

  Standing granted(long by) {
    return next(JobState.GRANTED, attempt, by, tries, checkpoint, paused);
  }

  /** Ended: in the same attempt when it was open, else in the next. */
  Standing ended(JobState how, long bytes) {
    int in = state.ended() ? attempt + 1 : attempt;
    return next(how, in, generation, tries, Math.max(checkpoint, bytes), paused);
  }

  /** After a try that failed: {@code budget} of them may be made. */
  Standing failed(int budget, long bytes) {
    long known = Math.max(checkpoint, bytes);
    return tries + 1 < budget
        ? next(JobState.QUEUED, attempt + 1, generation, tries + 1, known, paused)
        : next(JobState.FAILED, attempt, generation, tries + 1, known, paused);
  }

  /** Wanted again, with all its tries. */
  Standing wantedAgain() {
    return next(JobState.QUEUED, attempt + 1, generation, 0, 0, paused);
  }

  Standing paused(boolean now) {
    return state == JobState.GRANTED
        ? next(JobState.QUEUED, attempt + 1, generation, tries, checkpoint, now)
        : next(state, attempt, generation, tries, checkpoint, now);
  }

  Standing reached(long bytes) {
    return next(state, attempt, generation, tries, Math.max(checkpoint, bytes), paused);
  }

  /** The same with nothing changed but that somebody wrote. */
  Standing touched() {
    return next(state, attempt, generation, tries, checkpoint, paused);
  }

  Standing worth(double newValue, long newDeadline) {
    return new Standing(
        state, attempt, generation, tries, checkpoint, newValue, newDeadline, paused, revision + 1);
  }

  /** Whether a store may replace {@code before} by this. */
  public boolean mayFollow(Standing before) {
    boolean forward =
        attempt > before.attempt
            || (attempt == before.attempt
                && (state == before.state || state.rank() > before.state.rank()));
    boolean kept =
        checkpoint >= before.checkpoint || (attempt > before.attempt && before.state.ended());
    return forward
        && kept
        && generation >= before.generation
        && revision == before.revision + 1
        && (state != JobState.GRANTED || attempt == before.attempt);
  }

  private Standing next(JobState to, int in, long by, int failures, long bytes, boolean nowPaused) {
    return new Standing(to, in, by, failures, bytes, value, deadline, nowPaused, revision + 1);
  }
}
