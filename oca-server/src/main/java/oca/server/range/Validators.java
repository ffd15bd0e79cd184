package oca.server.range;

import org.jspecify.annotations.Nullable;

/**
 * By what a representation is told from others of its resource (RFC 9110, section 8.8).
 *
 * @param entityTag as the origin spelled it, weak or strong; null without one
 * @param modifiedSecond Last-Modified in seconds since 1970, or {@link #UNKNOWN}
 * @param isDateStrong whether that date can be of no other representation (section 8.8.2.2)
 */
public record Validators(@Nullable String entityTag, long modifiedSecond, boolean isDateStrong) {
  /** No date. */
  public static final long UNKNOWN = Long.MIN_VALUE;
}
