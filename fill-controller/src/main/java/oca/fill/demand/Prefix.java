package oca.fill.demand;

import java.net.InetAddress;

/**
 * A block of addresses, IPv4 as the IPv4-mapped part of IPv6 (RFC 4291, section 2.5.5.2), so that
 * there is one kind of comparison.
 *
 * @param high the first 64 bits, zero beyond the length
 * @param low the last 64 bits, zero beyond the length
 * @param length 0 to 128; an IPv4 prefix has 96 more than it is written with
 */
public record Prefix(long high, long low, int length) {

  /**
   * Reads {@code 10.1.0.0/16} or {@code 2001:db8::/32}.
   *
   * @throws IllegalArgumentException when it is neither, or has bits set beyond its length
   */
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a prefix such as 10.1.0.0/16: " + text);
    }
    try {
      byte[] address = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
      int written = Integer.parseInt(text.substring(slash + 1));
      if (written < 0 || written > address.length * 8) {
        throw new IllegalArgumentException("a prefix length out of range: " + text);
      }
      Prefix whole = of(address);
      Prefix prefix = whole.cutTo(128 - address.length * 8 + written);
      if (prefix.high != whole.high || prefix.low != whole.low) {
        throw new IllegalArgumentException("a prefix with bits set beyond its length: " + text);
      }
      return prefix;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a prefix such as 10.1.0.0/16: " + text, e);
    }
  }

  /** The 128-bit prefix that is the address alone; {@code address} has 4 or 16 bytes. */
  static Prefix of(byte[] address) {
    long high = 0;
    long low = address.length == 4 ? 0xffff : 0;
    int lowFrom = Math.max(0, address.length - 8);
    for (int i = 0; i < lowFrom; i++) {
      high = high << 8 | (address[i] & 0xff);
    }
    for (int i = lowFrom; i < address.length; i++) {
      low = low << 8 | (address[i] & 0xff);
    }
    return new Prefix(high, low, 128);
  }

  /** The prefix of {@code bits} bits, 0 to 128, that this lies in. */
  Prefix cutTo(int bits) {
    return new Prefix(high & mask(bits), low & mask(bits - 64), bits);
  }

  private static long mask(int bits) {
    return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
  }
}
