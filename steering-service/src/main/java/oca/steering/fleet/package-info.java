/**
 * What is known of the appliances: who is reachable, how loaded each is, and what it holds; three
 * separate things which change apart.
 *
 * <p>{@link oca.steering.fleet.HeartbeatIntake} is the only writer; it publishes an immutable
 * {@link oca.steering.fleet.FleetSnapshot} which any thread reads without a lock. Whether an
 * appliance is alive is never stored: {@link oca.steering.fleet.Liveness} derives it from the age
 * of the last heartbeat on a monotonic clock. Knows nothing of viewers, routes or HTTP.
 */
@NullMarked
package oca.steering.fleet;

import org.jspecify.annotations.NullMarked;
