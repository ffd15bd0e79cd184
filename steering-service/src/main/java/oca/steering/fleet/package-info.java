/**
 * What is known of the appliances: who is reachable, how loaded each is, and what it holds; three
 * separate things which change apart.
 *
 * <p>{@link oca.steering.fleet.HeartbeatIntake} is the only writer; it publishes an immutable
 * {@link oca.steering.fleet.FleetSnapshot} which any thread reads without a lock: members, the
 * index of {@link oca.steering.fleet.Holders}, and {@link oca.steering.fleet.Freeze}. How an
 * appliance stands is never stored: {@link oca.steering.fleet.Liveness} derives it from the age of
 * the last heartbeat on {@link oca.steering.fleet.ObservedClock}, which stands still while this
 * process does. {@link oca.steering.fleet.FleetFile} keeps the members over a restart. Knows
 * nothing of viewers, routes or HTTP.
 */
@NullMarked
package oca.steering.fleet;

import org.jspecify.annotations.NullMarked;
