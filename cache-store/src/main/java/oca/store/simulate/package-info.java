/**
 * Plays eviction policies over traces of requests: {@link oca.store.simulate.Simulation} over a
 * {@link oca.store.simulate.Recording} of a {@link oca.store.simulate.Trace}.
 *
 * <p>Runs the policies that the store runs, beside Belady's with bypass, who knows the future, as
 * the bound. Memory grows with distinct objects, never with requests: those go to temporary files,
 * which vanish when closed. Traces come from a file ({@link oca.store.simulate.TraceFile}) or are
 * made from public figures ({@link oca.store.simulate.VideoTrace} and its siblings) with a seed.
 * Blocks and computes; for a command's threads. Must not know the store.
 */
@NullMarked
package oca.store.simulate;

import org.jspecify.annotations.NullMarked;
