package oca.protocol;

import java.util.List;
import oca.model.ApplianceId;

/**
 * An appliance asks what to fetch. The answer is a {@link FillGrant}: at once when there is work,
 * else when there is some or the wait is over.
 *
 * @param appliance the sender
 * @param bootId as in its heartbeats
 * @param room how many more files it can begin with, 0 or more; with 0 it still hears of what to
 *     stop
 * @param heard the highest {@link FillGrant#number} since its start, 0 before the first
 * @param running all that it was granted since its start and whose end nobody has acknowledged
 * @param waitMillis how long it waits for an answer at most; 0 for as long as the controller likes
 */
public record FillAsk(
    ApplianceId appliance,
    String bootId,
    int room,
    long heard,
    List<Running> running,
    long waitMillis) {
  public FillAsk {
    if (room < 0) {
      throw new IllegalArgumentException("room must be 0 or more: " + room);
    }
    if (waitMillis < 0) {
      throw new IllegalArgumentException("waitMillis must be 0 or more: " + waitMillis);
    }
    running = List.copyOf(running);
  }

  /** An ask that waits as long as the controller likes. */
  public FillAsk(
      ApplianceId appliance, String bootId, int room, long heard, List<Running> running) {
    this(appliance, bootId, room, heard, running, 0);
  }

  /**
   * A grant that it works on.
   *
   * @param bytes of the file that it has
   */
  public record Running(long job, long generation, int attempt, long bytes) {}
}
