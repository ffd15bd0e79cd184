package oca.fill.jobs;

/**
 * What an operator wants of a job.
 *
 * @param who for the log of orders, as the listener knows it
 * @param value for {@link What#REPRIORITISE}: expected bytes served per byte stored
 * @param deadline for {@link What#REPRIORITISE}: milliseconds since 1970, or {@link
 *     Standing#NO_DEADLINE}
 */
public record Command(long job, What what, String who, double value, long deadline) {
  /** What may be wanted. */
  public enum What {
    /** Not to be given out until resumed; if it is being fetched, that stops. */
    PAUSE,
    /** Ends a pause. */
    RESUME,
    /** Not to be fetched until a newer plan wants it. */
    CANCEL,
    /** Another place in the queue, until a plan says otherwise. */
    REPRIORITISE
  }

  public Command {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("a value must be 0 or more: " + value);
    }
  }

  /** What became of it. */
  public sealed interface Outcome {
    /**
     * Done, or nothing was left to do.
     *
     * @param job as it is now
     */
    record Obeyed(Job job) implements Outcome {}

    /** There is no such job. */
    record Unknown() implements Outcome {}

    /** As {@link Answer.Elsewhere}. */
    record Elsewhere(String address) implements Outcome {}

    /** It cannot be done, and why. */
    record Refused(String why) implements Outcome {}
  }
}
