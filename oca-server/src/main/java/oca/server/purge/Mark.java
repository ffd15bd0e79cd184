package oca.server.purge;

import org.jspecify.annotations.Nullable;

/**
 * The latest purges of one target. Generations only grow; whoever reads them on another thread sees
 * those of every purge that had returned.
 */
final class Mark {
  private final Service service;
  private final Kind kind;
  private final String target;
  private final long hash;

  /** Zero for never. Written by the purging thread alone. */
  private volatile long hard;

  private volatile long soft;

  /** The next in the same slot of the table. */
  private volatile @Nullable Mark next;

  // The order of the last purges; for the purging thread alone.
  private @Nullable Mark older;
  private @Nullable Mark newer;

  Mark(Service service, Kind kind, String target, long hash) {
    this.service = service;
    this.kind = kind;
    this.target = target;
    this.hash = hash;
  }

  Service service() {
    return service;
  }

  Kind kind() {
    return kind;
  }

  String target() {
    return target;
  }

  long hash() {
    return hash;
  }

  long hard() {
    return hard;
  }

  long soft() {
    return soft;
  }

  /**
   * Enters a purge. A hard one leaves nothing to say to the soft ones before it, which are taken
   * back last: whoever reads the soft one first misses neither.
   */
  void raise(long generation, boolean isSoft) {
    if (isSoft) {
      soft = generation;
    } else {
      hard = generation;
      soft = 0;
    }
  }

  /** How many rules it stands for: none, one, or a hard one and a later soft one. */
  int rules() {
    return (hard > 0 ? 1 : 0) + (soft > 0 ? 1 : 0);
  }

  /** Whether it is about the first so many characters of the text. */
  boolean is(Service ofService, Kind ofKind, long withHash, String text, int length) {
    return hash == withHash
        && service == ofService
        && kind == ofKind
        && target.length() == length
        && text.startsWith(target);
  }

  @Nullable Mark next() {
    return next;
  }

  void next(@Nullable Mark mark) {
    next = mark;
  }

  @Nullable Mark older() {
    return older;
  }

  void older(@Nullable Mark mark) {
    older = mark;
  }

  @Nullable Mark newer() {
    return newer;
  }

  void newer(@Nullable Mark mark) {
    newer = mark;
  }
}
