package oca.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import oca.server.http.HttpConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the appliance below the limit of open files that the system gives the process: an accept
 * that fails for want of one is tried again at once and for ever, and a file that cannot be opened
 * looks like a broken disk. So connections are bounded beforehand.
 */
final class OpenFiles {
  private static final Logger log = LoggerFactory.getLogger(OpenFiles.class);

  /** For listeners, event loops, logs, the index, fills and the operator. */
  static final int SPARE = 512;

  private static final int LEAST_CONNECTIONS = 16;

  private OpenFiles() {}

  /** The limit of this process, or a very large number where there is none to be known. */
  static long limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  /**
   * The configuration with as many connections as the limit leaves room for.
   *
   * @param storeFiles how many files the store keeps open at most
   * @throws IOException when there is no room to serve at all; the message tells the remedy
   */
  static HttpConfig bound(HttpConfig http, int storeFiles, long limit) throws IOException {
    long room = limit - SPARE - storeFiles - http.maxRefusals();
    if (room >= http.maxConnections()) {
      return http;
    }
    String remedy =
        "the limit of open files is "
            + limit
            + ", and store.maxOpenFiles takes "
            + storeFiles
            + " of them: raise it (LimitNOFILE= in a systemd unit), or lower store.maxOpenFiles";
    if (room < LEAST_CONNECTIONS) {
      throw new IOException("no connection could be served: " + remedy);
    }
    log.warn("serving {} connections at most and not {}: {}", room, http.maxConnections(), remedy);
    return http.withMaxConnections((int) room);
  }
}
