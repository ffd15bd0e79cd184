/**
 * Drills: faults done to a running fleet on purpose, and judged by what viewers see.
 *
 * <p>Begin with {@link oca.drill.Drills}, the list of them. A {@link oca.drill.Drill} says what is
 * expected; {@link oca.drill.Exercise} plays the same viewers twice, first while nothing is wrong,
 * then during the fault, and {@link oca.drill.Judgement} compares the two. Faults come from outside
 * of the processes (signals, files, a relay on a wire, system calls that fail by strace), so
 * nothing in the product knows of drills and nothing is spent on them. Runs on the demo's fleet;
 * blocks, on virtual threads.
 */
@NullMarked
package oca.drill;

import org.jspecify.annotations.NullMarked;
