package oca.fill.jobs;

import oca.model.ApplianceId;

/**
 * What the engine keeps of a job in memory.
 *
 * @param waitMillis how long it is not to be tried yet, 0 or more
 */
public record OpenJob(long number, ApplianceId appliance, Standing standing, long waitMillis) {}
