package oca.store.simulate;

/**
 * What a policy made of a trace.
 *
 * @param hits requests whose object was held
 * @param byteHits bytes of those
 * @param written bytes that were taken in, the price of the hits
 */
public record Outcome(long hits, long byteHits, long written) {}
