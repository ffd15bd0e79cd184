package oca.steering.routes.bgp.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import oca.model.Address;
import oca.steering.routes.bgp.wire.Capability.FourOctetAs;
import oca.steering.routes.bgp.wire.Message.Notification;
import oca.steering.routes.bgp.wire.Message.Open;

/**
 * Reads the body of an OPEN: version 1, AS 2, hold time 2, router id 4, length of parameters 1,
 * parameters (RFC 4271, section 4.2). With 255 as first parameter type, a length of two bytes
 * follows, that of one byte is void, and parameters have lengths of two bytes (RFC 9072).
 */
final class OpenDecoder {
  private static final int UNSPECIFIC = 0;
  private static final int VERSION = 1;
  private static final int PEER_AS = 2;
  private static final int ROUTER_ID = 3;
  private static final int PARAMETER = 4;
  private static final int HOLD_TIME = 6;

  private OpenDecoder() {}

  /** Reads to the end of {@code body}, which has 10 bytes or more. */
  static Decoded decode(ByteBuffer body) {
    int version = body.get() & 0xff;
    if (version != 4) {
      return new Decoded.Refused(
          new Notification(2, VERSION, new byte[] {0, 4}), "its version is " + version);
    }
    int shortAs = Short.toUnsignedInt(body.getShort());
    int holdTime = Short.toUnsignedInt(body.getShort());
    long routerId = Integer.toUnsignedLong(body.getInt());
    List<Capability> capabilities = new ArrayList<>();
    int subcode = parameters(body, capabilities);
    if (subcode >= 0) {
      return refused(subcode, "its optional parameters are malformed or unknown");
    }
    long as = shortAs;
    for (Capability capability : capabilities) {
      if (capability instanceof FourOctetAs(long number)) {
        as = number;
      }
    }
    if (as == 0) {
      return refused(PEER_AS, "its AS is 0");
    }
    if (holdTime == 1 || holdTime == 2) {
      return refused(HOLD_TIME, "its hold time is " + holdTime + " s");
    }
    if (routerId == 0) {
      return refused(ROUTER_ID, "its router id is 0.0.0.0");
    }
    return new Decoded.Read(
        new Open(as, holdTime, new Address(true, routerId << 32, 0), capabilities));
  }

  /** The subcode of the fault, or -1. */
  private static int parameters(ByteBuffer in, List<Capability> into) {
    int length = in.get() & 0xff;
    boolean extended = length > 0 && in.hasRemaining() && (in.get(in.position()) & 0xff) == 255;
    if (extended) {
      if (in.remaining() < 3) {
        return UNSPECIFIC;
      }
      in.get();
      length = Short.toUnsignedInt(in.getShort());
    }
    if (length != in.remaining()) {
      return UNSPECIFIC;
    }
    while (in.hasRemaining()) {
      int head = extended ? 3 : 2;
      if (in.remaining() < head) {
        return UNSPECIFIC;
      }
      int type = in.get() & 0xff;
      int size = extended ? Short.toUnsignedInt(in.getShort()) : in.get() & 0xff;
      if (size > in.remaining()) {
        return UNSPECIFIC;
      }
      if (type != 2) {
        return PARAMETER;
      }
      if (!capabilities(in.slice(in.position(), size), into)) {
        return UNSPECIFIC;
      }
      in.position(in.position() + size);
    }
    return -1;
  }

  private static boolean capabilities(ByteBuffer in, List<Capability> into) {
    while (in.hasRemaining()) {
      if (in.remaining() < 2) {
        return false;
      }
      int code = in.get() & 0xff;
      int length = in.get() & 0xff;
      if (length > in.remaining()) {
        return false;
      }
      into.add(Capability.read(code, in.slice(in.position(), length)));
      in.position(in.position() + length);
    }
    return true;
  }

  private static Decoded refused(int subcode, String why) {
    return new Decoded.Refused(Notification.of(2, subcode), why);
  }
}
