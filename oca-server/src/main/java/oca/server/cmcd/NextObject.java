package oca.server.cmcd;

import org.jspecify.annotations.Nullable;

/**
 * What a player expects to ask for next: the keys {@code nor} and {@code nrr}. A wish, no request.
 *
 * @param path a relative reference (RFC 3986, section 4.2) without authority, to be resolved
 *     against the request's own URL by rules as strict as for a request; empty for the same object
 * @param range as after {@code bytes=} in a Range field, one range only; null for the whole object
 */
public record NextObject(String path, @Nullable String range) {}
