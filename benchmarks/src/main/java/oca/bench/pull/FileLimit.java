package oca.bench.pull;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Whether the system lets a process open as many connections as a run wants. */
final class FileLimit {
  private static final int SPARE = 200;

  private FileLimit() {}

  /**
   * Looks beforehand, since what fails in the middle of a run looks like a fault of the server.
   *
   * @throws IOException when there is no room; the message tells the remedy
   */
  static void check(int connections) throws IOException {
    check(
        connections,
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : Long.MAX_VALUE);
  }

  static void check(long connections, long limit) throws IOException {
    if (connections + SPARE > limit) {
      throw new IOException(
          "%d connections need %d open files, and the limit is %d: raise it (ulimit -n), or ask for fewer"
              .formatted(connections, connections + SPARE, limit));
    }
  }
}
