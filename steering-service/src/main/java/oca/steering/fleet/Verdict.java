package oca.steering.fleet;

/** What became of a message from an appliance. Each is counted under its name. */
public enum Verdict {
  /** Taken; it is what is now known of the appliance. */
  ACCEPTED("taken"),
  /** Its sequence, or inventory version, is the newest one already known: a repetition. */
  REPLAYED("repeats what is known"),
  /** Its sequence, or inventory version, is below the newest one known: it was overtaken. */
  OVERTAKEN("is older than what is known"),
  /** Sent before the appliance was last started. */
  FORMER_BOOT("is of a former boot"),
  /** A delta that does not start from what is known; the next heartbeat's reply says what does. */
  GAP("does not start from the version that is known"),
  /** An inventory without any heartbeat of the same boot. */
  NO_HEARTBEAT("came before any heartbeat of its boot"),
  /** Its sender is not registered, and only registered ones are wanted. */
  UNREGISTERED("is of an appliance that is not registered; POST /v1/appliances first"),
  /** The fleet is as large as allowed. */
  TOO_MANY_APPLIANCES("is of one appliance more than limits.appliances"),
  /** More files than one appliance, or all together, may name. */
  TOO_MANY_FILES(
      "names more files than limits.filesPerAppliance, limits.filesInAll or limits.files"),
  /** What no appliance sends: its numbers contradict each other. */
  MALFORMED("has a sequence below 1, too many files being filled, or versions that go back");

  private final String sentence;

  Verdict(String sentence) {
    this.sentence = sentence;
  }

  /** A clause that can follow "the message". */
  public String sentence() {
    return sentence;
  }

  /** Whether the sender should be told: it would have to change something. */
  public boolean isRefusal() {
    return switch (this) {
      case UNREGISTERED, TOO_MANY_APPLIANCES, TOO_MANY_FILES, MALFORMED -> true;
      case ACCEPTED, REPLAYED, OVERTAKEN, FORMER_BOOT, GAP, NO_HEARTBEAT -> false;
    };
  }
}
