/**
 * Records of decisions: written, and decided anew.
 *
 * <p>{@link oca.steering.records.DecisionLog} takes each answer on any thread and never waits; its
 * sinks' threads make the record and write beside it all that the decision was made from, as far as
 * it changed since the one before ({@link oca.steering.records.Teller}). {@link
 * oca.steering.records.Replay} reads such a file and puts every question to the ranker again, as it
 * was or with something changed. Knows the values of {@code fleet} and {@code routes}, and the
 * ranker; nothing of HTTP or players.
 */
@NullMarked
package oca.steering.records;

import org.jspecify.annotations.NullMarked;
