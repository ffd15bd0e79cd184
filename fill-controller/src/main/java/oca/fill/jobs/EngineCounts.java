package oca.fill.jobs;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the engine counts; under its lock. */
final class EngineCounts {
  private static final Logger log = LoggerFactory.getLogger(FillEngine.class);

  long grants;
  long retold;
  long fenced;
  long strays;
  long takeovers;
  long lost;
  long failures;
  private long reconciled;

  void reconciled(int jobs, int slot) {
    reconciled += jobs;
    log.error("{} jobs of slot {} were not as the book has them: a bug; loading anew", jobs, slot);
  }

  EngineStatus status(int slots, int queued, int granted) {
    return new EngineStatus(
        slots,
        queued,
        granted,
        grants,
        retold,
        fenced,
        strays,
        takeovers,
        lost,
        failures,
        reconciled);
  }
}
