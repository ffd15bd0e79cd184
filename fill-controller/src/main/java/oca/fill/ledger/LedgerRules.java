package oca.fill.ledger;

import java.time.Duration;

/**
 * How the ledger is kept.
 *
 * @param grace a day is closed so long after its end, on the wall
 * @param kept closed days that are kept
 * @param appliances lines of their own that a day has; those beyond share one
 * @param unserved files of an appliance that are watched until they are served
 * @param wasteAfterDays a file not served for so many days since it was filled counts as wasted
 */
public record LedgerRules(
    Duration grace, int kept, int appliances, int unserved, int wasteAfterDays) {}
