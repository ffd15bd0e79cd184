package oca.protocol.flight;

import java.time.Instant;

/**
 * A recording that is kept.
 *
 * @param name of its file
 * @param path of its file
 * @param at when it was kept; it tells of the time before
 * @param cause label of a {@link Cause}
 * @param bytes of its file
 */
public record Flight(String name, String path, Instant at, String cause, long bytes) {}
