package oca.store;

/**
 * An order to withdraw blocks.
 *
 * @param number counts orders from 1
 * @param what which blocks
 * @param who gave the order, in the operator's words
 * @param why it was given, in the same
 * @param second when it was given, in seconds since 1970
 */
public record RecallOrder(long number, SourceQuery what, String who, String why, long second) {}
