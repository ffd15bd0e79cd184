package oca.steering.fleet;

/**
 * What came of a heartbeat.
 *
 * @param inventoryWanted whether what the sender holds is not what is known of it
 */
public record Outcome(Verdict verdict, boolean inventoryWanted) {}
