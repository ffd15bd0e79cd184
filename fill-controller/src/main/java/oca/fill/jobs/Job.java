package oca.fill.jobs;

import oca.model.ApplianceId;

/**
 * A job as it stands in the book: unique by appliance, file and version, also after it ended.
 *
 * @param number its name in the API, given by the database
 * @param plan that last changed it
 * @param why it stands where it stands, for a reader; may be empty
 * @param ageMillis since it last changed, by the database's clock
 */
public record Job(
    long number,
    ApplianceId appliance,
    JobFile file,
    Standing standing,
    long plan,
    String why,
    long ageMillis) {}
