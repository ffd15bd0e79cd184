/**
 * What was purged and when, so that a kept object can be told valid or not when it is looked up,
 * and a purge costs the same however much is kept.
 *
 * <p>{@link oca.server.purge.Purges} counts purges: each takes the next generation, each object
 * carries the generation at which its fetch began as its stamp, and an object is purged if a
 * matching purge is of a later generation. {@link oca.server.purge.PurgeOrder} is what an operator
 * asks for, {@link oca.server.purge.Rule} what is remembered of it, {@link oca.server.purge.Tags}
 * by which names an object may be purged beside its path.
 *
 * <p>One thread purges at a time, any thread judges, without a lock and without waiting. No clock,
 * no I/O, no threads of its own; it knows neither requests nor where objects are kept. Who calls it
 * writes the rules to a disk.
 */
@NullMarked
package oca.server.purge;

import org.jspecify.annotations.NullMarked;
