package oca.server.cmcd;

/**
 * How busy a server is at a moment.
 *
 * @param load the scarcest of what it has (line, connections, disks, cores), 0 idle to 1 full; what
 *     is beyond is taken for the nearer end
 * @param sendingBitsPerSecond sent over the last interval, 0 or more
 * @param headroomBitsPerSecond what it could send besides, 0 or more
 * @param sessions players or, where they are not told apart, connections that are being sent to
 */
public record ServerLoad(
    double load, long sendingBitsPerSecond, long headroomBitsPerSecond, int sessions) {
  public ServerLoad {
    load = load > 0 ? Math.min(load, 1) : 0;
    if (sendingBitsPerSecond < 0 || headroomBitsPerSecond < 0 || sessions < 0) {
      throw new IllegalArgumentException(
          "below zero: sending "
              + sendingBitsPerSecond
              + ", headroom "
              + headroomBitsPerSecond
              + ", sessions "
              + sessions);
    }
  }
}
