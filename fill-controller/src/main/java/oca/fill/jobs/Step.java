package oca.fill.jobs;

import oca.fill.jobs.Tell.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One change of one job.
 *
 * @param before as the writer knows it: if the store has another revision, nothing is changed
 * @param after {@link Standing#mayFollow follows} before
 * @param waitMillis how long it is not to be tried, by the database's clock
 * @param why for a reader, at most {@link #MOST_WHY} characters count
 * @param tell what the appliance is told with it; null for nothing
 * @param order the command behind it; null for none
 */
public record Step(
    long job,
    Standing before,
    Standing after,
    long waitMillis,
    String why,
    @Nullable Kind tell,
    @Nullable Order order) {
  /** The longest reason that is kept. */
  public static final int MOST_WHY = 500;

  /** Who commanded what: kept with the database's time. */
  public record Order(String what, String who) {}

  public Step {
    if (!after.mayFollow(before)) {
      throw new IllegalStateException("job " + job + ": " + after + " after " + before);
    }
    why = why.length() > MOST_WHY ? why.substring(0, MOST_WHY) : why;
  }

  /** Which grant the appliance is told of: with a stop that which is over, else the new one. */
  public Standing told() {
    return tell == Kind.STOP ? before : after;
  }

  static Step of(long job, Standing before, Standing after, String why) {
    return new Step(job, before, after, 0, why, null, null);
  }

  Step telling(Kind kind) {
    return new Step(job, before, after, waitMillis, why, kind, order);
  }

  Step waiting(long millis) {
    return new Step(job, before, after, millis, why, tell, order);
  }

  Step ordered(String what, String who) {
    return new Step(job, before, after, waitMillis, why, tell, new Order(what, who));
  }
}
