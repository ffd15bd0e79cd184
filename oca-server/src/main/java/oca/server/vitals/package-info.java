/**
 * How the appliance is, and telling it: {@link oca.server.vitals.VitalsSampler} reads the load from
 * suppliers, {@link oca.server.vitals.HeldJournal} follows what is held, {@link
 * oca.server.vitals.HeartbeatSender} posts heartbeats and, when asked, the inventory or what
 * changed of it.
 *
 * <p>A virtual thread for each target, so that one which is down delays no other. Knows the
 * messages and the control client; what it reports comes in through suppliers, so that it knows
 * neither the store nor HTTP serving.
 */
@NullMarked
package oca.server.vitals;

import org.jspecify.annotations.NullMarked;
