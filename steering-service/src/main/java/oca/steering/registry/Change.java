package oca.steering.registry;

import java.time.Instant;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;

/**
 * One line of the log, never altered.
 *
 * @param number 1, 2, 3 and so on
 * @param at by the wall clock of the service, in milliseconds
 * @param appliance null when it is about the fleet
 * @param who wanted it
 * @param why in their words; empty when not said
 */
public record Change(
    long number, Instant at, What what, @Nullable ApplianceId appliance, String who, String why) {}
