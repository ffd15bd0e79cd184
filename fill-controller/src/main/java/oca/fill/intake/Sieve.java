package oca.fill.intake;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import oca.protocol.FillReport;
import oca.protocol.Plausible;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;

/**
 * Takes out of batches what nobody could count, so that one record that is beyond reason neither
 * spoils a sum nor keeps those beside it away, whichever way it came. Any thread.
 */
public final class Sieve {
  private final LongAdder refused = new LongAdder();

  /** The batch without such records. */
  public ServeRecords of(ServeRecords batch) {
    requireNumbered(batch.sequence(), batch.dropped());
    List<ServeRecord> good = of(batch.records(), Plausible::isServed);
    return good.size() == batch.records().size()
        ? batch
        : new ServeRecords(batch.server(), batch.bootId(), batch.sequence(), batch.dropped(), good);
  }

  /** The report without such results. */
  public FillReport of(FillReport report) {
    List<FillReport.Result> good = of(report.results(), Plausible::isFilled);
    return good.size() == report.results().size()
        ? report
        : new FillReport(report.appliance(), good);
  }

  /** Records taken out since the start. */
  public long refused() {
    return refused.sum();
  }

  private <T> List<T> of(List<T> records, Predicate<T> isGood) {
    List<T> good = records.stream().filter(isGood).toList();
    refused.add(records.size() - good.size());
    return good;
  }

  private static void requireNumbered(long sequence, long dropped) {
    if (!Plausible.isNumbered(sequence, dropped)) {
      throw new IllegalArgumentException(
          "a batch cannot have the number "
              + sequence
              + " (they begin with 1) and tell of "
              + dropped
              + " records lost");
    }
  }
}
