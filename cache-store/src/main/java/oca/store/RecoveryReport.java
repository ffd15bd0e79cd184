package oca.store;

import java.time.Duration;

/**
 * How a store found its volumes at the start.
 *
 * @param indexTrusted false when the index was rebuilt from the files
 * @param files whole files found
 * @param partials files that a session may resume
 * @param quarantined files that were moved out of the way
 * @param duration from the start until lookups were answered
 */
public record RecoveryReport(
    boolean indexTrusted, long files, long partials, long quarantined, Duration duration) {}
