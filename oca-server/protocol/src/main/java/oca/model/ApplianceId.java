package oca.model;

/**
 * Names one appliance for as long as it is racked, such as {@code north-1}.
 *
 * @param value a DNS label (RFC 1123): 1 to 63 of {@code a-z 0-9 -}, no hyphen at either end
 */
public record ApplianceId(String value) implements Comparable<ApplianceId> {
  public ApplianceId {
    DnsLabel.require("appliance id", value);
  }

  @Override
  public int compareTo(ApplianceId other) {
    return value.compareTo(other.value);
  }

  /** The label itself. */
  @Override
  public String toString() {
    return value;
  }
}
