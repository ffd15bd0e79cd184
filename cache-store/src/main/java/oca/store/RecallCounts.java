package oca.store;

/**
 * Recalls since the start.
 *
 * @param orders taken
 * @param files of which blocks were withdrawn, at the start for earlier orders included
 * @param blocks that were withdrawn
 * @param bytes they had
 * @param unread files that could not be looked at
 * @param open orders, of all remembered, that are not done on a volume in service
 */
public record RecallCounts(
    long orders, long files, long blocks, long bytes, long unread, long open) {}
