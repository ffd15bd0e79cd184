/**
 * A fleet simulated against real services: {@link oca.bench.fleet.FleetSimulation} starts steering,
 * the fill controller and PostgreSQL as processes of their own, and speaks to them as thousands of
 * appliances and their viewers would.
 *
 * <p>Virtual threads, one for each thing that an appliance does by itself; what they draw follows
 * from a seed. Knows the wire and the services' outsides only: what they think inside it asks of
 * their own routes and of the kernel.
 */
@NullMarked
package oca.bench.fleet;

import org.jspecify.annotations.NullMarked;
