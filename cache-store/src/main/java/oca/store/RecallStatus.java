package oca.store;

import java.util.List;

/**
 * How far a recall has come.
 *
 * @param order what was ordered
 * @param running whether files are still being looked at
 * @param read files that were looked at
 * @param files of which blocks were withdrawn
 * @param blocks that were withdrawn
 * @param bytes they had
 * @param unread files whose disk did not let them be read, or that did not hold still
 * @param open folders of volumes that are here and on which it is not done; it is resumed there at
 *     the next start, before anything on them is served
 */
public record RecallStatus(
    RecallOrder order,
    boolean running,
    long read,
    long files,
    long blocks,
    long bytes,
    long unread,
    List<String> open) {
  public RecallStatus {
    open = List.copyOf(open);
  }
}
