package oca.steering.records;

import oca.model.Address;
import oca.steering.rank.Decision;

/**
 * An answer as it was given, noted on the thread that gave it: what can be worked out later is.
 *
 * @param setup in force when it was noted; a reload between the decision and that makes it the
 *     later one
 * @param wallMillis since the Unix epoch
 * @param number 1, 2, 3 and so on
 */
record Note(
    Address client,
    Decision decision,
    Setup setup,
    long wallMillis,
    long ttlSeconds,
    long number) {}
