package oca.fill.jobs;

import oca.model.ApplianceId;

/**
 * A file that a plan wants on an appliance.
 *
 * @param value expected bytes served per byte stored, 0 or more
 * @param deadline milliseconds since 1970, or {@link Standing#NO_DEADLINE}
 * @param held whether the appliance is known to hold it
 */
public record Wanted(
    ApplianceId appliance, JobFile file, double value, long deadline, boolean held) {
  public Wanted {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "the value of " + file.path() + " for " + appliance + " must be 0 or more: " + value);
    }
  }
}
