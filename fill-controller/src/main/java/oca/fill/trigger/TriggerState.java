package oca.fill.trigger;

/**
 * How a trigger stands (RFC 8007, section 5.2.3), and which collection lists it. Who has ended
 * stays so, but for {@link #PROCESSED}, which becomes complete when the last appliance is back.
 */
enum TriggerState {
  /** Taken; nothing was done for it yet. */
  PENDING("pending", "pending", false),
  /** Under way. */
  ACTIVE("active", "active", false),
  /** All of it was done. */
  COMPLETE("complete", "complete", true),
  /** Done wherever somebody is alive; the others do it when they are back. */
  PROCESSED("processed", "complete", true),
  /** Some of it was not done, and will not be; the errors say what. */
  FAILED("failed", "failed", true),
  /** Not gone on with, as its owner wished. */
  CANCELLED("cancelled", "failed", true);

  private final String wire;
  private final String collection;
  private final boolean ended;

  TriggerState(String wire, String collection, boolean ended) {
    this.wire = wire;
    this.collection = collection;
    this.ended = ended;
  }

  String wire() {
    return wire;
  }

  String collection() {
    return collection;
  }

  boolean isEnded() {
    return ended;
  }
}
