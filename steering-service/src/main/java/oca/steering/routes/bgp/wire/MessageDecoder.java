package oca.steering.routes.bgp.wire;

import java.nio.ByteBuffer;
import oca.steering.routes.bgp.wire.Message.Keepalive;
import oca.steering.routes.bgp.wire.Message.Notification;
import oca.steering.routes.bgp.wire.Message.RouteRefresh;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages.
 *
 * <pre>
 *   0                    16         18       19
 *   +--------------------+----------+--------+------------------+
 *   | marker, all ones   | length 2 | type 1 | body             |
 *   +--------------------+----------+--------+------------------+
 * </pre>
 */
public final class MessageDecoder {
  /** Bytes of a header, the smallest message. */
  public static final int HEADER = 19;

  /** Bytes of the largest message (RFC 4271). */
  public static final int MAX = 4096;

  /** Bytes of the largest message between speakers that agreed on that (RFC 8654). */
  public static final int MAX_EXTENDED = 65_535;

  private MessageDecoder() {}

  /**
   * The length that a header gives to its message, in bytes, {@link #HEADER} to {@link #MAX}, once
   * it is checked with {@link #headerFault}.
   *
   * @param in at least {@link #HEADER} bytes from {@code at} on
   */
  public static int length(ByteBuffer in, int at) {
    return Short.toUnsignedInt(in.getShort(at + 16));
  }

  /**
   * What is wrong with a header (RFC 4271, section 6.1), or null.
   *
   * @param in at least {@link #HEADER} bytes from {@code at} on
   * @param max the most bytes that a message may have
   */
  public static Decoded.@Nullable Refused headerFault(ByteBuffer in, int at, int max) {
    if (in.getLong(at) != -1 || in.getLong(at + 8) != -1) {
      return new Decoded.Refused(Notification.of(1, 1), "its marker is not all ones");
    }
    int length = length(in, at);
    int type = in.get(at + 18) & 0xff;
    boolean known = type >= 1 && type <= 5;
    boolean exact = type == 4 || type == 5;
    if (length > max || length < least(type) || (exact && length != least(type))) {
      return new Decoded.Refused(
          new Notification(1, 2, new byte[] {(byte) (length >> 8), (byte) length}),
          "its length is " + length + ", of type " + type);
    }
    return known
        ? null
        : new Decoded.Refused(
            new Notification(1, 3, new byte[] {(byte) type}), "its type is " + type);
  }

  /** Bytes of the smallest message of a type. */
  private static int least(int type) {
    return switch (type) {
      case 1 -> 29;
      case 2, 5 -> 23;
      case 3 -> 21;
      default -> HEADER;
    };
  }

  /**
   * Reads one message.
   *
   * @param in the whole message and nothing else; its position is left anywhere
   * @param max the most bytes that it may have
   */
  public static Decoded decode(ByteBuffer in, Negotiated negotiated, int max) {
    if (in.remaining() < HEADER) {
      return new Decoded.Refused(
          new Notification(1, 2, new byte[] {0, (byte) in.remaining()}),
          "it has fewer bytes than a header");
    }
    ByteBuffer message = in.slice();
    Decoded.Refused fault = headerFault(message, 0, max);
    if (fault != null) {
      return fault;
    }
    int length = length(message, 0);
    if (length != message.remaining()) {
      return new Decoded.Refused(
          new Notification(1, 2, new byte[] {(byte) (length >> 8), (byte) length}),
          "its length is " + length + ", but it has " + message.remaining() + " bytes");
    }
    ByteBuffer body = message.slice(HEADER, length - HEADER);
    return switch (message.get(18)) {
      case 1 -> OpenDecoder.decode(body);
      case 2 -> UpdateDecoder.decode(body, negotiated);
      case 3 -> new Decoded.Read(Notification.read(body));
      case 4 -> new Decoded.Read(new Keepalive());
      default -> {
        int afi = Short.toUnsignedInt(body.getShort());
        body.get();
        yield new Decoded.Read(new RouteRefresh(afi, body.get() & 0xff));
      }
    };
  }
}
