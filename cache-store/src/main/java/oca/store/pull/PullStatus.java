package oca.store.pull;

import java.util.Map;

/**
 * The sizes and counts of a store of pulled objects at one moment.
 *
 * @param capacityBytes what objects may take on the disk
 * @param usedBytes what they take, those included that were dropped and are still being read
 * @param objects how many there are, those included that were dropped and are still being read
 * @param queuedBytes what waits for the disk
 * @param written bytes written since the start
 * @param created objects begun since the start
 * @param dropped objects that went since the start, by what made them go
 * @param refused what was not kept since the start, by reason
 * @param errors calls to the disk that failed since the start
 * @param hangs calls to the disk that took longer than {@link PullStoreConfig#hangAfter}
 * @param start what the start found
 * @param reopened objects that the start brought back
 * @param lost objects that the index named, and whose files were not as it said
 */
public record PullStatus(
    long capacityBytes,
    long usedBytes,
    long objects,
    long queuedBytes,
    long written,
    long created,
    Map<PullListener.Cause, Long> dropped,
    Map<PullRefusal, Long> refused,
    long errors,
    long hangs,
    Start start,
    long reopened,
    long lost) {
  public PullStatus {
    dropped = Map.copyOf(dropped);
    refused = Map.copyOf(refused);
  }

  /** What a start found in the folder. */
  public enum Start {
    /** Nothing: the folder is new. */
    NEW("the folder is new"),
    /** The index of a clean stop. */
    REOPENED("the index of a clean stop was read"),
    /** No index: the last process did not end in order, and all was deleted. */
    NOT_STOPPED("the last process did not stop in order, so that the folder was emptied"),
    /** An index that is not what was written: all was deleted. */
    INDEX_DAMAGED("the index is damaged, so that the folder was emptied"),
    /** An index of another format: all was deleted. */
    OTHER_FORMAT("the index is of another version, so that the folder was emptied"),
    /** The machine was started since, and nothing here is synced: all was deleted. */
    OTHER_BOOT("the machine was restarted since, so that the folder was emptied"),
    /** Slices are of another size now: all was deleted. */
    OTHER_SLICES("sliceBytes was changed, so that the folder was emptied");

    private final String sentence;

    Start(String sentence) {
      this.sentence = sentence;
    }

    /** What was found, as a clause for logs and reports. */
    public String sentence() {
      return sentence;
    }
  }
}
