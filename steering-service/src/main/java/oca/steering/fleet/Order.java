package oca.steering.fleet;

/** What an operator decided about an appliance, whatever it says of itself. */
public enum Order {
  /** It serves as it says. */
  NONE("none"),
  /** No new viewers; those being served go on. */
  DRAIN("drain"),
  /** Taken out of service for good: no new viewers, and its silence is no loss. */
  RETIRED("retired");

  private final String label;

  Order(String label) {
    this.label = label;
  }

  /** One word, as messages and the database have it. */
  public String label() {
    return label;
  }

  /**
   * The order of that label.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Order of(String label) {
    for (Order order : values()) {
      if (order.label.equals(label)) {
        return order;
      }
    }
    throw new IllegalArgumentException("not an order: " + label);
  }
}
