package oca.bench.serve;

import oca.config.ByteSize;

/**
 * One thing that is measured of every server.
 *
 * @param size of each range, in bytes
 * @param connections kept alive
 * @param tls TLS 1.3, or cleartext
 * @param hot whether the file is in the page cache when a window begins; cold ones are dropped
 *     before
 */
record Cell(int size, int connections, boolean tls, boolean hot) {

  /** The size as people write it. */
  String sizeLabel() {
    return size % (1 << 20) == 0 ? (size >> 20) + " MiB" : (size >> 10) + " KiB";
  }

  /** All but the size. */
  String scenario() {
    return "%s, %d connections, %s"
        .formatted(tls ? "TLS 1.3" : "cleartext", connections, hot ? "hot" : "cold");
  }

  @Override
  public String toString() {
    return sizeLabel() + ", " + scenario();
  }

  static int bytes(String size) {
    long bytes = ByteSize.parse(size).bytes();
    if (bytes < 4096 || bytes % 4096 != 0 || bytes > 1 << 30) {
      throw new IllegalArgumentException(
          "sizes: whole pages of 4 KiB up to 1 GiB, not \"" + size + "\"");
    }
    return (int) bytes;
  }
}
