package oca.server.live;

/**
 * What an event says of a path. Times are in milliseconds since 1970.
 *
 * <p>A segment's decisions follow each other as time goes on, and never back: {@link TooEarly},
 * {@link Next}, {@link Available}, {@link Gone}. {@link NoSuch} stays.
 */
public sealed interface LiveDecision {

  /** No event has such a path: an answer like any other. */
  record NotLive() implements LiveDecision {}

  /** A manifest or playlist, which is there at all times and changes. */
  record Manifest(Edition edition) implements LiveDecision {}

  /** An initialization segment: inside the window at all times. */
  record Always(Edition edition) implements LiveDecision {}

  /**
   * A segment that should be there. When the origin does not have it nevertheless, ask {@link
   * #ifAbsent} before its 404 is kept.
   *
   * @param publishedMillis when it was due: its nominal end, less what segments may come early
   * @param leavesWindowMillis from when it is {@link Gone}: it need not be kept beyond
   * @param mayBeLateUntilMillis before then, a 404 of the origin means that it is late
   * @param holdMillis how long a request for a late one is held open
   */
  record Available(
      Edition edition,
      long number,
      long publishedMillis,
      long leavesWindowMillis,
      long mayBeLateUntilMillis,
      long holdMillis)
      implements LiveDecision {

    /**
     * What it is when the origin was asked and does not have it: still the next to come while it
     * may be late, and after that no such segment.
     *
     * @return a {@link Next} or a {@link NoSuch}
     */
    public LiveDecision ifAbsent(long nowMillis) {
      return nowMillis < mayBeLateUntilMillis
          ? new Next(
              edition, number, publishedMillis, Math.max(nowMillis, publishedMillis) + holdMillis)
          : new NoSuch(edition);
    }
  }

  /**
   * A segment that is about to come. The request is held open until it is there, and answered by
   * 404 at the deadline. No 404 of the origin is kept.
   *
   * @param dueMillis when it should be there; past for one that is late
   * @param holdUntilMillis the deadline: {@code hold} behind the request or the due time, whichever
   *     is later
   */
  record Next(Edition edition, long number, long dueMillis, long holdUntilMillis)
      implements LiveDecision {}

  /**
   * A segment that nobody can have yet: 404, and the origin need not be asked.
   *
   * @param dueMillis when it should be there
   * @param notBeforeMillis from when it is {@link Next}: the 404 may be kept until then, not beyond
   */
  record TooEarly(Edition edition, long number, long dueMillis, long notBeforeMillis)
      implements LiveDecision {}

  /** A segment that has left the window: 410. */
  record Gone(Edition edition, long number) implements LiveDecision {}

  /**
   * A path of the event's form that never was nor will be: 404. The rendition is unknown, the
   * number below the first, behind the event's last, or not spelled as the template has it.
   */
  record NoSuch(Edition edition) implements LiveDecision {}
}
