package oca.store.pull;

/** Why bytes are not kept. Nothing is wrong with those that were kept before. */
public enum PullRefusal {
  /** It is longer than {@link PullStoreConfig#maxObjectBytes}. */
  OBJECT_TOO_LARGE("the object is larger than maxObjectBytes"),
  /** Its label is longer than {@link PullStoreConfig#maxLabelBytes}. */
  LABEL_TOO_LARGE("the label is larger than maxLabelBytes"),
  /** As many objects are held as may be, and none of them could go yet. */
  TOO_MANY_OBJECTS("as many objects are held as maxObjects allows"),
  /** Even with all gone that may go there is no room. */
  NO_SPACE("all that is held is being read or written, so that there is no room"),
  /** So many bytes wait for the disk that no more are taken. */
  QUEUE_FULL("maxQueuedBytes wait for the disk already"),
  /** The disk has not answered for {@link PullStoreConfig#hangAfter}. */
  DISK_HANGS("the disk does not answer"),
  /** The bytes before them in their slice are not here. */
  GAP("the bytes before these in their slice are not here"),
  /** They lie behind the object's end. */
  BEYOND_END("the bytes lie behind the object's end"),
  /** The object was dropped. */
  DROPPED("the object was dropped"),
  /** The store is closed. */
  CLOSED("the store is closed");

  private final String sentence;

  PullRefusal(String sentence) {
    this.sentence = sentence;
  }

  /** The reason as a clause for logs and reports. */
  public String sentence() {
    return sentence;
  }
}
