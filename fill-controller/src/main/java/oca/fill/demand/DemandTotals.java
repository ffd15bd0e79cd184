package oca.fill.demand;

/**
 * What the ledger has taken in since its database was created.
 *
 * @param batches counted
 * @param records in them
 * @param bytes that viewers of known regions were sent of known files
 * @param duplicateBatches dropped because they had been counted before
 * @param duplicateRecords in those
 * @param unknownFiles records of files that were in no catalogue; kept apart
 * @param unknownRegions records of clients in no region; kept apart
 * @param excluded records of appliances and monitors
 * @param outsideHistory records older than the history kept, not counted as demand
 * @param apartRefused records that could not even be kept apart, the room for that being full
 * @param adopted records kept apart that became demand once their file or region was known
 * @param droppedBySenders records that servers had to drop before sending them
 */
public record DemandTotals(
    long batches,
    long records,
    long bytes,
    long duplicateBatches,
    long duplicateRecords,
    long unknownFiles,
    long unknownRegions,
    long excluded,
    long outsideHistory,
    long apartRefused,
    long adopted,
    long droppedBySenders) {}
