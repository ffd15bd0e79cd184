/**
 * Which appliances a viewer is to use, best first, and why not the others.
 *
 * <p>Main type: {@link oca.steering.rank.Ranker}. Pure: the same question to the same snapshot at
 * the same moment gives the same {@link oca.steering.rank.Decision}, on any thread; no clock, no
 * I/O, no thread and no randomness in here, so that decisions can be replayed and simulated. Reads
 * the immutable values of {@code routes} and {@code fleet}; knows nothing of HTTP or players.
 */
@NullMarked
package oca.steering.rank;

import org.jspecify.annotations.NullMarked;
