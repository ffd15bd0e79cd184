package oca.drill;

/**
 * When a drill hurts more than it is worth: then its fault is undone before its time.
 *
 * @param failedShare of the sessions up to then
 * @param failedSessions at least, so that a first failure is not taken for half of all
 */
record Guard(double failedShare, int failedSessions) {
  static final Guard DEFAULT = new Guard(0.5, 10);

  /** Whether that is too much. A single wrong byte always is. */
  boolean isReached(Sight now) {
    return now.wrongBytes() > 0
        || (now.failedSessions() >= failedSessions && now.failedShare() > failedShare);
  }
}
