/**
 * Tells each viewer which appliances to use. {@link oca.steering.Steering} is the process: it wires
 * the rooms below and owns the listener.
 *
 * <p>Rooms: {@code routes} (which network is near which site), {@code fleet} (who is alive, how
 * loaded, holding what), {@code catalog} (which files make a title), {@code rank} (the decision,
 * pure), {@code http} (its renderings), {@code registry} (what operators decided) and {@code
 * operators} (their API and console). The rooms do not know each other; they share immutable
 * snapshots only. Every answer comes from memory: a catalogue or appliance that cannot be reached
 * makes answers poorer, never late.
 */
@NullMarked
package oca.steering;

import org.jspecify.annotations.NullMarked;
