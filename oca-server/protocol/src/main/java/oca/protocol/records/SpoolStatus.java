package oca.protocol.records;

/**
 * How records fare between this process and the brokers.
 *
 * @param bytes in files of the spool now
 * @param limit bytes that they may have
 * @param delivered records that brokers acknowledged since the start
 * @param lost records that were in the spool and no broker will see: the oldest of a full one, in
 *     damaged files, or refused by the brokers for good
 * @param damaged files of which a part could not be read
 * @param torn files that ended within a message, after a crash; what was torn was never taken over
 * @param failures tries that failed
 * @param failing whether the last try failed
 */
public record SpoolStatus(
    long bytes,
    long limit,
    long delivered,
    long lost,
    long damaged,
    long torn,
    long failures,
    boolean failing) {
  /** For those who have no spool. */
  public static final SpoolStatus NONE = new SpoolStatus(0, 0, 0, 0, 0, 0, 0, false);
}
