package oca.steering.fleet;

/**
 * How a member stands with its lease, best first. It is a ladder: an answer takes whom it needs
 * from the highest rung on which anybody fit stands, and only then from the next. So an answer
 * names nobody long silent while anybody else will do, and is never empty while anybody was known
 * in the last day.
 */
public enum Standing {
  /** Heard just now; or, for a lease after a start, heard just now by whom that is known from. */
  ALIVE,
  /** Late: behind those alive. Also whoever was not heard just before a start, nor since. */
  SUSPECT,
  /** Its lease ran out, but with so many others' that the fault is taken for our own. */
  KEPT,
  /** Its lease ran out: in answers only when nobody above can be. */
  KNOWN,
  /** Not heard for as long as anybody is remembered: in no answer. */
  GONE;

  /** Whether answers name it without need: its lease holds, or is held to. */
  public boolean inAnswers() {
    return switch (this) {
      case ALIVE, SUSPECT, KEPT -> true;
      case KNOWN, GONE -> false;
    };
  }
}
