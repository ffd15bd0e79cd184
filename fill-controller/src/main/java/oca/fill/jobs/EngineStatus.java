package oca.fill.jobs;

/**
 * The engine in figures, since its start.
 *
 * @param slots it decides for, of {@link Lease#SLOTS}
 * @param queued jobs in memory that wait, or are paused
 * @param granted jobs that were given out
 * @param grants given
 * @param retold grants told again because the appliance had forgotten them
 * @param fenced writes that were refused because another controller has the slot
 * @param strays ends and progress of grants that are not the newest, ignored
 * @param takeovers slots gained
 * @param lost slots lost to others
 * @param failures of the database
 * @param reconciled differences between memory and book that the check found: each is a bug
 */
public record EngineStatus(
    int slots,
    int queued,
    int granted,
    long grants,
    long retold,
    long fenced,
    long strays,
    long takeovers,
    long lost,
    long failures,
    long reconciled) {}
