/**
 * Servers that fetch what they do not have, compared on this machine: {@link
 * oca.bench.pull.SingleFlight}, {@link oca.bench.pull.PullHits}, {@link oca.bench.pull.LiveEdge}
 * and {@link oca.bench.pull.OriginAway}.
 *
 * <p>Servers, origin and clients are processes of their own, the last two on the same processors.
 * The origin makes its content up ({@link oca.bench.pull.Noise}), counts what it sends, and stamps
 * each block with the time at which it was sent; the clients compare each byte and stamp the first
 * and the last of each answer. The clock is the same in all processes. One thread drives. Nothing
 * here knows how a server works inside.
 */
@NullMarked
package oca.bench.pull;

import org.jspecify.annotations.NullMarked;
