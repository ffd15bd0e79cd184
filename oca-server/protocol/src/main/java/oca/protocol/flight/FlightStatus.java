package oca.protocol.flight;

import java.util.Map;
import java.util.TreeMap;

/**
 * How the recording of a process does. Totals count since its start.
 *
 * @param recording whether it records just now
 * @param problem why it does not although it should; else empty
 * @param kept recordings kept, by label of each {@link Cause}
 * @param skipped objectives missed whose recording was not kept, as another was a moment before
 * @param failures recordings that could not be written
 * @param deleted recordings deleted to keep the limits
 */
public record FlightStatus(
    boolean recording,
    String problem,
    Map<String, Long> kept,
    long skipped,
    long failures,
    long deleted) {
  public FlightStatus {
    kept = new TreeMap<>(kept);
  }
}
