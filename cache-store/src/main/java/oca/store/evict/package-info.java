/**
 * Which files make room for others, and which newcomers are worth it: {@link
 * oca.store.evict.EvictionPolicy}, made by {@link oca.store.evict.EvictionPolicies}.
 *
 * <p>Pure: a policy names victims and deletes nothing; it knows no disk, no file, no clock and no
 * thread, and its randomness is a seed. The store and the simulator run the same code. Hits and
 * misses are told on any thread, event loops included; everything else under the caller's lock. No
 * policy keeps a map from names to files: the caller keeps the place it was given for each file.
 *
 * <p>{@link oca.store.evict.Demand} is the default, chosen by numbers; the others are there to be
 * compared with. Must not know: the store, the disk, the simulator.
 */
@NullMarked
package oca.store.evict;

import org.jspecify.annotations.NullMarked;
