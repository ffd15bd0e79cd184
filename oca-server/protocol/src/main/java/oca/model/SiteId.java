package oca.model;

/**
 * Names one site: appliances that share a room, a subnet and a distance to viewers.
 *
 * @param value a DNS label (RFC 1123): 1 to 63 of {@code a-z 0-9 -}, no hyphen at either end
 */
public record SiteId(String value) implements Comparable<SiteId> {
  public SiteId {
    DnsLabel.require("site id", value);
  }

  @Override
  public int compareTo(SiteId other) {
    return value.compareTo(other.value);
  }

  /** The label itself. */
  @Override
  public String toString() {
    return value;
  }
}
