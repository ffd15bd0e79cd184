/**
 * The flight recording that each process keeps: {@link oca.protocol.flight.FlightRing} holds the
 * last minutes of Java's own recorder (JFR, JEP 328) on disk, bounded in age and size, and writes
 * them to a file of {@link oca.protocol.flight.FlightFolder} when {@link
 * oca.protocol.flight.SloWatch} finds an objective missed, or when somebody asks by {@link
 * oca.protocol.flight.FlightEndpoint}. {@code oca flame} reads such files.
 *
 * <p>Looks and writes on a thread of its own, never on an event loop. Knows of a process only what
 * its {@link oca.protocol.flight.Objective}s tell.
 */
@NullMarked
package oca.protocol.flight;

import org.jspecify.annotations.NullMarked;
