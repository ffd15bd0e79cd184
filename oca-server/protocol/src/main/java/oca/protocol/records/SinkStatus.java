package oca.protocol.records;

/**
 * What became of the records of one sink since the start.
 *
 * @param name the sink's
 * @param written records taken over by it
 * @param dropped records that it will never see: the ring was full, or their batch was given up
 * @param failures tries that failed
 * @param failing whether the last try failed
 * @param waiting records in the ring now
 * @param ring records that the ring holds at most
 */
public record SinkStatus(
    String name,
    long written,
    long dropped,
    long failures,
    boolean failing,
    int waiting,
    int ring) {}
