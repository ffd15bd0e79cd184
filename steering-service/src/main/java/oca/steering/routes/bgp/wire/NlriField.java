package oca.steering.routes.bgp.wire;

import java.nio.ByteBuffer;
import java.util.List;
import oca.model.Address;
import oca.model.Prefix;

/**
 * A run of prefixes as UPDATE carries them: with ADD-PATH a path id of four bytes, then the length
 * in bits in one byte, then as many bytes as that needs (RFC 4271, section 4.3; RFC 7911, section
 * 3).
 */
final class NlriField {
  private NlriField() {}

  /**
   * Reads to the end of {@code in}.
   *
   * <p>Bits behind the length are of no significance (RFC 4271) and become zero. IPv6 prefixes
   * within {@code ::ffff:0:0/96} are left out: no IPv6 packet is ever sent to an IPv4-mapped
   * address (RFC 4291, section 2.5.5.2), and to us those are IPv4.
   *
   * @param into is added to
   * @return false when the field is not syntactically correct (RFC 7606, section 5.3); then what
   *     was added is to be thrown away
   */
  static boolean read(ByteBuffer in, Family family, boolean addPath, List<Nlri> into) {
    while (in.hasRemaining()) {
      if (in.remaining() < (addPath ? 5 : 1)) {
        return false;
      }
      long pathId = addPath ? Integer.toUnsignedLong(in.getInt()) : 0;
      int length = in.get() & 0xff;
      int bytes = (length + 7) / 8;
      if (length > family.bits() || bytes > in.remaining()) {
        return false;
      }
      Address network = address(in, bytes, family).first(length);
      if (!isMapped(network, length)) {
        into.add(new Nlri(new Prefix(network, length), pathId));
      }
    }
    return true;
  }

  /** Writes one, in 1 to 21 bytes. */
  static void write(ByteBuffer out, Nlri nlri, boolean addPath) {
    if (addPath) {
      out.putInt((int) nlri.pathId());
    }
    Prefix prefix = nlri.prefix();
    out.put((byte) prefix.length());
    for (int i = 0; i < (prefix.length() + 7) / 8; i++) {
      long half = i < 8 ? prefix.network().high() : prefix.network().low();
      out.put((byte) (half >>> (56 - 8 * (i & 7))));
    }
  }

  private static Address address(ByteBuffer in, int bytes, Family family) {
    long high = 0;
    long low = 0;
    for (int i = 0; i < bytes; i++) {
      long octet = in.get() & 0xffL;
      if (i < 8) {
        high |= octet << (56 - 8 * i);
      } else {
        low |= octet << (120 - 8 * i);
      }
    }
    return new Address(family.v4(), high, low);
  }

  private static boolean isMapped(Address network, int length) {
    return !network.v4() && length >= 96 && network.high() == 0 && network.low() >>> 32 == 0xffff;
  }
}
