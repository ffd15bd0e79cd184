package oca.fill.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import oca.fill.jobs.store.ConnectionSource;
import oca.fill.jobs.store.JdbcJobStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract over H2 in a file, and what a restart keeps. */
class JdbcJobStoreH2Test extends JobStoreContract {
  @TempDir Path folder;

  @Override
  JobStore open() throws IOException {
    return JdbcJobStore.open(ConnectionSource.h2(folder.resolve("jobs")));
  }

  @Override
  void pass(Duration time) {
    // The database's clock is that of this machine.
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  @Test
  void open_again_hasJobsLeasesAndOutbox() throws IOException {
    store.apply(3, Set.of(NORTH), List.of(want("a", 1)));
    Lease lease = lease("one", NORTH);
    grant(lease, job("a"));
    Job before = job("a");
    List<Tell> outbox = store.outbox(Set.of(lease.slot()));
    store.close();
    store = open();
    assertEquals(before.standing(), job("a").standing());
    assertEquals(outbox, store.outbox(Set.of(lease.slot())));
    assertEquals(3, store.look().plan());
  }
}
