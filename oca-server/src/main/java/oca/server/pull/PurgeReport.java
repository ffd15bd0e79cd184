package oca.server.pull;

/**
 * What a purge is about, or would be.
 *
 * @param generation of the purge
 * @param responses kept at this moment that it takes, or would
 * @param bytes they have, as far as it is known
 */
public record PurgeReport(long generation, long responses, long bytes) {}
