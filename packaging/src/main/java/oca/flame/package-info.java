/**
 * Flight recordings made visible, for {@code oca flame}: {@link oca.flame.FlightReader} reads what
 * a process kept, {@link oca.flame.Profile} is what of it is shown, {@link oca.flame.FlamePage}
 * writes that as one HTML file that needs nothing else: a heat map of sub-second offsets (after
 * Brendan Gregg's FlameScope), a flame graph of the part that is chosen, and what stood still
 * meanwhile.
 *
 * <p>Knows Java's recorder and no process of ours. Runs on the command's one thread; what is read
 * is bounded.
 */
@NullMarked
package oca.flame;

import org.jspecify.annotations.NullMarked;
