package oca.model;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address as bits.
 *
 * <p>An IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) is the IPv4 address that it maps: a
 * viewer whose IPv4 packets reach a dual-stack socket is in an IPv4 network.
 *
 * @param v4 whether it is an IPv4 address
 * @param high the first 64 bits; an IPv4 address stands in their upper half, the rest is zero
 * @param low the other 64 bits; 0 for IPv4
 */
public record Address(boolean v4, long high, long low) {
  private static final Pattern V4 =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");

  public Address {
    if (v4 && ((high & 0xffff_ffffL) != 0 || low != 0)) {
      throw new IllegalArgumentException("more than 32 bits in an IPv4 address");
    }
  }

  /** The same address. */
  public static Address of(InetAddress address) {
    return ofBytes(address.getAddress());
  }

  /**
   * Reads an address literal; no name is looked up.
   *
   * @throws IllegalArgumentException unless it is four decimal numbers without leading zeros (which
   *     some readers take for octal) or an IPv6 address without a zone
   */
  public static Address parse(String text) {
    Matcher v4 = V4.matcher(text);
    if (v4.matches()) {
      byte[] bytes = new byte[4];
      for (int i = 0; i < 4; i++) {
        bytes[i] = (byte) octet(v4.group(i + 1), text);
      }
      return ofBytes(bytes);
    }
    if (text.indexOf(':') < 0 || !V6.matcher(text).matches()) {
      throw new IllegalArgumentException("not an IPv4 or IPv6 address: " + text);
    }
    try {
      return of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not an IPv6 address: " + text, e);
    }
  }

  /** 32 or 128. */
  public int bits() {
    return v4 ? 32 : 128;
  }

  /** The address with all but the first {@code length} bits set to zero. */
  public Address first(int length) {
    long highMask = length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
    long lowMask = length <= 64 ? 0 : -1L << (128 - length);
    return new Address(v4, high & highMask, low & lowMask);
  }

  /** Dotted decimal, or IPv6 with the longest run of zeros left out (RFC 5952). */
  @Override
  public String toString() {
    if (v4) {
      return octetAt(56) + "." + octetAt(48) + "." + octetAt(40) + "." + octetAt(32);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (int) ((i < 4 ? high : low) >>> (48 - 16 * (i & 3))) & 0xffff;
    }
    return written(groups);
  }

  private long octetAt(int shift) {
    return high >>> shift & 0xff;
  }

  private static String written(int[] groups) {
    int runStart = -1;
    int runLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > runLength) {
        runStart = i;
        runLength = end - i;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == runStart) {
        text.append("::");
        i += runLength - 1;
      } else {
        text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
        text.append(Integer.toHexString(groups[i]));
      }
    }
    return text.toString();
  }

  private static int octet(String digits, String text) {
    int value = Integer.parseInt(digits);
    if (value > 255 || (digits.length() > 1 && digits.charAt(0) == '0')) {
      throw new IllegalArgumentException(
          "not an IPv4 address (four numbers, 0 to 255, no leading zeros): " + text);
    }
    return value;
  }

  private static Address ofBytes(byte[] bytes) {
    if (bytes.length == 4) {
      return new Address(true, bigEndian(bytes, 0, 4) << 32, 0);
    }
    long high = bigEndian(bytes, 0, 8);
    long low = bigEndian(bytes, 8, 16);
    return high == 0 && low >>> 32 == 0xffff
        ? new Address(true, low << 32, 0)
        : new Address(false, high, low);
  }

  private static long bigEndian(byte[] bytes, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }
}
