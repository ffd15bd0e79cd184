/**
 * Who is there: {@link oca.fill.fleet.FleetRegistry} takes heartbeats and inventories, {@link
 * oca.fill.fleet.FleetSnapshot} is what others read.
 *
 * <p>In memory only; after a restart the fleet makes itself known within one heartbeat interval.
 * Whether an appliance is alive is derived from the age of its newest heartbeat at the moment of
 * asking, never stored. Any thread, under one lock. Must not know plans, manifests or demand.
 */
@NullMarked
package oca.fill.fleet;

import org.jspecify.annotations.NullMarked;
