package oca.fill.intake;

/**
 * What came from Kafka since the start.
 *
 * @param batches taken, those that came again included
 * @param records in them
 * @param malformed messages that are none, left out
 * @param dropped records that their senders say are lost
 * @param gaps batches whose numbers were passed over; those that come late are not taken back
 * @param failures polls, commits and takes that failed and were tried again
 * @param failing whether the last one did
 * @param lag messages that wait in the partitions read here; -1 while not known
 */
public record IntakeStatus(
    long batches,
    long records,
    long malformed,
    long dropped,
    long gaps,
    long failures,
    boolean failing,
    long lag) {
  /** For a controller that reads none. */
  public static final IntakeStatus NONE = new IntakeStatus(0, 0, 0, 0, 0, 0, false, 0);
}
