package oca.fill.placement;

/** What can decide whether a unit is on an appliance: the whole list. */
public enum Factor {
  EXPECTED_BYTES("the bytes of it that the site is expected to ask for a day"),
  CAPACITY_BYTES("the capacity of the appliance"),
  HELD_BEFORE("whether the appliance was told to hold it before"),
  PINNED_COPIES("how many appliances of the site it is pinned to"),
  MAX_COPIES_PER_SITE("how many copies a site may have of anything");

  private final String meaning;

  Factor(String meaning) {
    this.meaning = meaning;
  }

  /** For a reader, without full stop. */
  public String meaning() {
    return meaning;
  }

  /** A factor with a value; 0 and 1 stand for no and yes. */
  public record Value(Factor factor, double value) {}
}
