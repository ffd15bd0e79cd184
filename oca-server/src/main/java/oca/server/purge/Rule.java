package oca.server.purge;

/**
 * One purge as it is remembered and written down.
 *
 * @param generation from 1; it is about objects whose stamp is lower
 * @param service whose objects it is about
 * @param kind what the target is
 * @param target path, prefix or tag; empty for everything
 * @param soft whether it makes objects stale rather than takes them away
 */
public record Rule(long generation, String service, Kind kind, String target, boolean soft) {

  public Rule {
    if (generation < 1) {
      throw new IllegalArgumentException("generation must be 1 or more, not " + generation);
    }
    if (target.isEmpty() != (kind == Kind.ALL)) {
      throw new IllegalArgumentException("a rule has a target unless it is about everything");
    }
    target = kind == Kind.TAG ? Tags.folded(target) : target;
  }

  /**
   * Whether it is about such an object, whatever its stamp: what a dry run counts.
   *
   * @param path with its query, as it is given to {@link Purges#judge}
   */
  public boolean matches(String ofService, String path, Tags tags) {
    return service.equals(ofService)
        && switch (kind) {
          case ALL -> true;
          case URL -> path.equals(target);
          case PREFIX -> path.startsWith(target);
          case TAG -> tags.has(target);
        };
  }

  /** Whether it purges such an object that was stamped so. */
  public boolean purges(long stamp, String ofService, String path, Tags tags) {
    return stamp < generation && matches(ofService, path, tags);
  }
}
