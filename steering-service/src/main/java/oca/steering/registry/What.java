package oca.steering.registry;

/** What a change is about. */
public enum What {
  /** An appliance was registered. */
  REGISTER("register"),
  /** A registered appliance has another site, endpoint or note. */
  ALTER("alter"),
  /** No new viewers, by order. */
  DRAIN("drain"),
  /** That order is taken back. */
  UNDRAIN("undrain"),
  /** Out of service for good. */
  RETIRE("retire"),
  /** In service again after all. */
  RESTORE("restore"),
  /** A freeze of evictions was ended. */
  THAW("thaw");

  private final String label;

  What(String label) {
    this.label = label;
  }

  /** One word, as messages and the database have it. */
  public String label() {
    return label;
  }

  /**
   * That of a label.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static What of(String label) {
    for (What what : values()) {
      if (what.label.equals(label)) {
        return what;
      }
    }
    throw new IllegalArgumentException("not a kind of change: " + label);
  }
}
