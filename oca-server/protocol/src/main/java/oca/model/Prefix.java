package oca.model;

/**
 * A network in CIDR form (RFC 4632, RFC 4291): all addresses that share their first bits.
 *
 * @param network the first address; bits beyond {@code length} are zero
 * @param length shared bits: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Prefix(Address network, int length) {
  public Prefix {
    if (length < 0 || length > network.bits()) {
      throw new IllegalArgumentException(
          "a prefix length outside 0 to " + network.bits() + ": " + network + "/" + length);
    }
    if (!network.first(length).equals(network)) {
      throw new IllegalArgumentException(
          network
              + "/"
              + length
              + " has bits set behind its length; the network is "
              + network.first(length)
              + "/"
              + length);
    }
  }

  /**
   * Reads {@code address/length}. An IPv4-mapped prefix of 96 bits or more ({@code
   * ::ffff:10.0.0.0/104}) is the IPv4 prefix that it maps.
   *
   * @throws IllegalArgumentException when it is none, or has bits set behind its length
   */
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9]\\d{0,2}")) {
      throw new IllegalArgumentException(
          "not a network such as 192.0.2.0/24 or 2001:db8::/32: " + text);
    }
    String literal = text.substring(0, slash);
    int length = Integer.parseInt(text.substring(slash + 1));
    Address address = Address.parse(literal);
    if (!address.v4() || literal.indexOf(':') < 0) {
      return new Prefix(address, length);
    }
    if (length < 96) {
      throw new IllegalArgumentException(
          "an IPv4-mapped network of fewer than 96 bits is no network of either family: " + text);
    }
    return new Prefix(address, length - 96);
  }

  /** Whether the address, of the same family, starts with these bits. */
  public boolean contains(Address address) {
    return address.v4() == network.v4() && address.first(length).equals(network);
  }

  /** {@code address/length}. */
  @Override
  public String toString() {
    return network + "/" + length;
  }
}
