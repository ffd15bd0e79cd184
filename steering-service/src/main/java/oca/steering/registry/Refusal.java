package oca.steering.registry;

/** Why a command changes nothing, with what to do. */
public enum Refusal {
  /** An order about nobody. */
  UNKNOWN_APPLIANCE("no such appliance was registered or heard of"),
  /** Draining is for those in service. */
  IS_RETIRED("the appliance is retired; restore it first"),
  /** The registry is as large as allowed. */
  TOO_MANY_APPLIANCES("the registry has as many appliances as limits.appliances allows"),
  /** The database is so far behind that nothing more is taken. */
  QUEUE_FULL("the database is away and registry.queue changes wait for it; nothing was changed");

  private final String sentence;

  Refusal(String sentence) {
    this.sentence = sentence;
  }

  /** For a reader. */
  public String sentence() {
    return sentence;
  }
}
