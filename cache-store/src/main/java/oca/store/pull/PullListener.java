package oca.store.pull;

/** Hears of objects that are no more, so that nobody is sent to them. */
@FunctionalInterface
public interface PullListener {

  /** What made an object go. */
  enum Cause {
    /** {@link PulledObject#drop} was called. */
    ASKED,
    /** It made room for others. */
    EVICTED,
    /** There was no room for so much as its file. */
    NO_SPACE,
    /** Its file could not be written, or not be read. */
    FAULT,
    /** A write to it, or one that it waited behind, hangs in the disk. */
    HUNG
  }

  /**
   * An object was dropped: it gives no new leases; those that are out stay good for what was
   * readable, except after a fault. Told once for each object, on the thread that dropped it, which
   * may be one of the disk's; must not block and must not throw. Objects that the store's closing
   * ends are not told of.
   */
  void dropped(PulledObject object, Cause cause);
}
