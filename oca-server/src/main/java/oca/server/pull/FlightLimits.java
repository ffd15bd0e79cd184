package oca.server.pull;

/**
 * How a fetch is bounded.
 *
 * @param maxQueued bytes of one object that wait for the disk before its upstream is read no more
 * @param maxResumes times that a body which broke off is asked for again
 */
record FlightLimits(long maxQueued, int maxResumes) {}
