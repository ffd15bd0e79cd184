package oca.server.http;

import java.util.concurrent.atomic.LongAdder;

/** What was read from disks since the start. Safe on any thread. */
final class ReadingTally {
  private final LongAdder reads = new LongAdder();
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder readNanos = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder waits = new LongAdder();
  private final LongAdder waitNanos = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final LongAdder timeouts = new LongAdder();
  private final LongAdder checkNanos = new LongAdder();
  private final LongAdder damages = new LongAdder();

  void read(long bytes, long nanos, boolean failed) {
    reads.increment();
    readBytes.add(bytes);
    readNanos.add(nanos);
    if (failed) {
      failures.increment();
    }
  }

  void checked(long nanos) {
    checkNanos.add(nanos);
  }

  void damaged() {
    damages.increment();
  }

  void waited(long nanos) {
    waits.increment();
    waitNanos.add(nanos);
    if (nanos >= DiskWait.LONG_NANOS) {
      DiskWait.note(nanos);
    }
  }

  void refused() {
    refusals.increment();
  }

  void timedOut() {
    timeouts.increment();
  }

  ReadingTotals totals(int queued) {
    return new ReadingTotals(
        reads.sum(),
        readBytes.sum(),
        readNanos.sum(),
        failures.sum(),
        waits.sum(),
        waitNanos.sum(),
        refusals.sum(),
        timeouts.sum(),
        checkNanos.sum(),
        damages.sum(),
        queued);
  }
}
