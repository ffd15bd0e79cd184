/**
 * Which appliances a viewer is to use, best first, and why not the others.
 *
 * <p>Main type: {@link oca.steering.rank.Ranker}, which puts a {@link oca.steering.rank.Question};
 * {@link oca.steering.rank.Choice} finds who is needed, {@link oca.steering.rank.Peers} chooses
 * among equals. Pure: the same ask with the same draw to the same snapshots at the same moment
 * gives the same {@link oca.steering.rank.Decision}, on any thread; no clock, no I/O, no thread and
 * no randomness in here, so that decisions can be replayed and simulated. Reads the immutable
 * values of {@code routes} and {@code fleet}; knows nothing of HTTP or players, whose complaints
 * come in as {@link oca.steering.rank.Shares}.
 */
@NullMarked
package oca.steering.rank;

import org.jspecify.annotations.NullMarked;
