package oca.fill.jobs;

/**
 * Where an attempt of a job is. The closed list, and all that may follow what:
 *
 * <pre>
 *   from        event                                    to          attempt   told
 *   (none)      a plan wants the file                    QUEUED      1         -
 *   (none)      a plan wants it, and it is held          DONE        1         -
 *   QUEUED      the appliance asks, and it is its turn   GRANTED     same      GRANT
 *   QUEUED      it is held: by report or inventory       DONE        same      -
 *   QUEUED      no plan wants it; somebody cancels it    CANCELLED   same      -
 *   GRANTED     the appliance holds it, whole            DONE        same      -
 *   GRANTED     the try failed, tries are left           QUEUED      next      -
 *   GRANTED     the try failed, none is left             FAILED      same      -
 *   GRANTED     somebody pauses it                       QUEUED      next      STOP
 *   GRANTED     no plan wants it; somebody cancels it    CANCELLED   same      STOP
 *   ended       a newer plan wants it; it was lost       QUEUED      next      -
 *   ended       it is held after all                     DONE        next      -
 *   ended       no plan wants it any more                CANCELLED   next      -
 * </pre>
 *
 * <p>Ended are DONE, FAILED and CANCELLED. Attempt and rank, in this order, only grow: {@link
 * Standing#mayFollow} says so of two standings, and both stores refuse what breaks it.
 */
public enum JobState {
  /** To be fetched, and not given out. */
  QUEUED(0),
  /** Given to its appliance, which fetches it or has yet to hear of it. */
  GRANTED(1),
  /** The appliance holds the file, whole and verified. */
  DONE(2),
  /** Given up for this plan: its tries are spent. */
  FAILED(2),
  /** Nobody wants it. */
  CANCELLED(2);

  private final int rank;

  JobState(int rank) {
    this.rank = rank;
  }

  /** Order within one attempt. */
  int rank() {
    return rank;
  }

  /** Whether nothing more comes of this attempt. */
  public boolean ended() {
    return rank == 2;
  }
}
