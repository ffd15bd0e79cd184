package oca.steering.replica;

/** Why a snapshot is of no use. */
public enum SnapshotRefusal {
  UNREACHED("unreached", "it could not be had"),
  DAMAGED("damaged", "its checksum is not that of its content, or it is no snapshot"),
  NEWER("newer", "a newer release wrote it"),
  TOO_LARGE("too large", "it is longer than replica.limit"),
  TOO_OLD("too old", "it is older than fleet.forget"),
  EMPTY("empty", "nobody is in it");

  private final String label;
  private final String sentence;

  SnapshotRefusal(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  /** In metrics. */
  public String label() {
    return label;
  }

  /** For a reader. */
  public String sentence() {
    return sentence;
  }
}
