package oca.steering.routes;

/**
 * What is kept of how a prefix is reached: what paths are compared by, and for people to see.
 *
 * @param asPathLength ASes on the way, an AS_SET counted as one and confederations not at all (RFC
 *     4271, section 9.1.2.2a; RFC 5065, section 5.3); 0 or more
 * @param med MULTI_EXIT_DISC, 0 when there is none (RFC 4271, section 9.1.2.2c); 0 to 2^32 - 1
 * @param originAs the last AS of the path; 0 when the path is empty or ends in a set; 0 to 2^32 - 1
 */
public record PathAttributes(int asPathLength, long med, long originAs) {
  /** Of what an operator writes down: as near as can be. */
  public static final PathAttributes LOCAL = new PathAttributes(0, 0, 0);
}
