package oca.fill.jobs;

import oca.model.ApplianceId;

/**
 * Something an appliance is to be told: a row of the outbox, written with the change that made it.
 * Told until it was heard, so told again now and then; an appliance recognises it by job,
 * generation and attempt.
 *
 * @param number grows; an appliance says up to which it has heard. 0 for what is not in the outbox
 *     because it follows from what the appliance said
 * @param by generation of the lease of who tells; an appliance takes no {@link Kind#STOP} from one
 *     that is older than its grant
 */
public record Tell(
    long number,
    ApplianceId appliance,
    Kind kind,
    long job,
    long generation,
    int attempt,
    long by,
    JobFile file) {
  /** What it is told. */
  public enum Kind {
    /** To fetch the file. */
    GRANT,
    /** Not to, any more. */
    STOP
  }
}
