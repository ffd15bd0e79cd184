package oca.store;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * Opens a store of {@link ManyFiles}, asks for one file until it is served, says how long that took
 * since the start of the process, and then as it is told by a line: {@code close} or wait for a
 * signal.
 */
final class ReopenChild {
  private ReopenChild() {}

  public static void main(String[] arguments) throws Exception {
    long files = Long.parseLong(arguments[1]);
    TestContent wanted = ManyFiles.content(Long.parseLong(arguments[2]));
    DiskStore store =
        DiskStore.open(ManyFiles.config(Path.of(arguments[0]), files + files / 10, 1_000));
    ContentLease lease = null;
    while (lease == null) {
      lease = DiskStoreTest.leaseOf(store, wanted);
      Thread.onSpinWait();
    }
    try (ContentLease found = lease) {
      if (!wanted.matches(found, ManyFiles.LENGTH)) {
        throw new AssertionError("wrong bytes");
      }
    }
    System.out.println("first " + sinceStart());
    RecoveryReport report = store.recovery().join();
    System.out.println("all " + sinceStart() + " " + report);
    if (System.in.read() == 'c') {
      store.close();
      System.out.println("closed");
    }
  }

  private static long sinceStart() {
    return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
  }
}
