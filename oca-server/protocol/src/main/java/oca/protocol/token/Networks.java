package oca.protocol.token;

import java.util.Arrays;

/** Client addresses as bytes. */
public final class Networks {
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private Networks() {}

  /** The address, or the IPv4 address that it maps (RFC 4291, section 2.5.5.2). */
  public static byte[] unmapped(byte[] address) {
    if (address.length != 4 && address.length != 16) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + address.length);
    }
    boolean isMapped =
        address.length == 16 && Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    return isMapped ? Arrays.copyOfRange(address, MAPPED.length, 16) : address;
  }

  /** Whether two addresses share their first bits. */
  public static boolean share(byte[] one, byte[] other, int bits) {
    int whole = bits >>> 3;
    for (int i = 0; i < whole; i++) {
      if (one[i] != other[i]) {
        return false;
      }
    }
    int rest = bits & 7;
    return rest == 0 || ((one[whole] ^ other[whole]) & 0xff) >>> (8 - rest) == 0;
  }
}
