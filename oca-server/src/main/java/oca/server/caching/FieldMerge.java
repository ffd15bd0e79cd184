package oca.server.caching;

import java.util.HashSet;
import java.util.Set;

/** How the fields of a kept response are brought up to date (RFC 9111, section 3.2). */
final class FieldMerge {
  /**
   * Of the newer response these do not count: they are about bytes as they came, and those that are
   * kept came with the older. Content-Digest of a 304 is that of no content at all.
   */
  private static final Set<String> OF_THE_BYTES =
      Set.of("content-digest", "content-encoding", "content-length", "content-range");

  /** Of the older response these do not outlive it: they are about its way here. */
  private static final Set<String> OF_THE_WAY = Set.of("age", "cache-status", "via");

  private FieldMerge() {}

  /**
   * The kept fields, each that the newer response has too replaced by what it has.
   *
   * @param newer without what is not to be kept, and with its Date
   */
  static FieldSection updated(FieldSection kept, FieldSection newer) {
    FieldSection added = newer.without(OF_THE_BYTES);
    Set<String> gone = new HashSet<>(OF_THE_WAY);
    added.lines().forEach(line -> gone.add(Grammar.lower(line.name())));
    return kept.without(gone).plus(added);
  }
}
