package oca.steering.registry;

/**
 * How the registry stands.
 *
 * @param keeps {@code memory} or {@code database}
 * @param connected whether the database answered last; true in memory
 * @param loaded whether the database was read since the start; until then the orders are those of
 *     the last known copy; true in memory
 * @param fault why it is not connected; empty when it is
 * @param pending changes in force that the database does not have yet
 * @param queue as many of them are taken at most
 * @param written changes since the start
 * @param failures of the database since the start
 * @param refused commands refused because the queue was full, since the start
 * @param overruled commands that were waiting when the database turned out to say otherwise, since
 *     the start
 * @param appliances in the registry
 * @param last number of the newest change
 */
public record RegistryStatus(
    String keeps,
    boolean connected,
    boolean loaded,
    String fault,
    int pending,
    int queue,
    long written,
    long failures,
    long refused,
    long overruled,
    int appliances,
    long last) {}
