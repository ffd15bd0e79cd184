package oca.server.http;

/**
 * What a listener has read from disks into memory since its start, because it was asked for and was
 * not there.
 *
 * @param reads pieces read, whether somebody waited or they were read ahead
 * @param readBytes in those pieces
 * @param readNanos that disk threads took for them
 * @param failures pieces that could not be read
 * @param waits times that an answer stood still for a piece
 * @param waitNanos how long, in all
 * @param refusals requests answered 503 because too many reads of their volume waited
 * @param timeouts answers that waited for a piece longer than they may
 * @param checkNanos that disk threads took of {@code readNanos} to compare blocks with their
 *     checksums
 * @param damages pieces that were not sent because a block did not match its checksum
 * @param queued pieces that wait for a disk thread now
 */
public record ReadingTotals(
    long reads,
    long readBytes,
    long readNanos,
    long failures,
    long waits,
    long waitNanos,
    long refusals,
    long timeouts,
    long checkNanos,
    long damages,
    int queued) {}
