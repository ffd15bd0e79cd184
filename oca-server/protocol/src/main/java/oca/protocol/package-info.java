/**
 * The messages between the processes, and the one place ({@link oca.protocol.Wire}) where they
 * become JSON.
 *
 * <p>Records only: immutable, safe on any thread. A reader ignores fields that it does not know, so
 * that neighbours of different versions understand each other; a golden file per message in the
 * tests pins what is written. Times are instants of the wall clock in UTC. Knows {@code oca.model}
 * and nothing else of ours; in particular no sockets, which live in {@code oca.protocol.http}.
 */
@NullMarked
package oca.protocol;

import org.jspecify.annotations.NullMarked;
