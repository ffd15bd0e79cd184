package oca.fill.jobs;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The contract over the book in memory. */
class MemoryJobStoreTest extends JobStoreContract {
  private final AtomicLong clock = new AtomicLong(1_000_000);

  @Override
  JobStore open() {
    return new MemoryJobStore(clock::get);
  }

  @Override
  void pass(Duration time) {
    clock.addAndGet(time.toMillis());
  }
}
