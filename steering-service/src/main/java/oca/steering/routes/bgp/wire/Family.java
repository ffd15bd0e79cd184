package oca.steering.routes.bgp.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An address family whose unicast routes (SAFI 1) are understood (RFC 4760). */
public enum Family {
  /** AFI 1. */
  IPV4(1, 32),
  /** AFI 2. */
  IPV6(2, 128);

  static final int UNICAST = 1;

  private final int afi;
  private final int bits;

  Family(int afi, int bits) {
    this.afi = afi;
    this.bits = bits;
  }

  /** The family of that number whose unicast is meant; null when it is another. */
  public static @Nullable Family of(int afi, int safi) {
    if (safi != UNICAST) {
      return null;
    }
    return switch (afi) {
      case 1 -> IPV4;
      case 2 -> IPV6;
      default -> null;
    };
  }

  /** That of addresses which are IPv4 or not. */
  public static Family of(boolean v4) {
    return v4 ? IPV4 : IPV6;
  }

  /** Whether it is IPv4. */
  public boolean v4() {
    return this == IPV4;
  }

  /** The number of the address family. */
  public int afi() {
    return afi;
  }

  /** 32 or 128, of an address. */
  int bits() {
    return bits;
  }

  /** Writes AFI and SAFI, 3 bytes. */
  void write(ByteBuffer out) {
    out.putShort((short) afi).put((byte) UNICAST);
  }
}
