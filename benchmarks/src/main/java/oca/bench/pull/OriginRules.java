package oca.bench.pull;

/**
 * How the origin behaves.
 *
 * @param holds whether a request for a live segment waits until it is there; if not it is answered
 *     404
 * @param segmentBytes the length of each live segment
 * @param missing Cache-Control of a 404
 */
record OriginRules(boolean holds, long segmentBytes, String missing) {}
