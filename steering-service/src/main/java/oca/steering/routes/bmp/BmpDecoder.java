package oca.steering.routes.bmp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import oca.model.Address;
import oca.steering.routes.bgp.wire.Decoded;
import oca.steering.routes.bgp.wire.Message.Open;
import oca.steering.routes.bgp.wire.MessageDecoder;
import oca.steering.routes.bgp.wire.Negotiated;
import oca.steering.routes.bmp.BmpMessage.Initiation;
import oca.steering.routes.bmp.BmpMessage.LeftOut;
import oca.steering.routes.bmp.BmpMessage.PeerDown;
import oca.steering.routes.bmp.BmpMessage.PeerHeader;
import oca.steering.routes.bmp.BmpMessage.PeerKey;
import oca.steering.routes.bmp.BmpMessage.PeerUp;
import oca.steering.routes.bmp.BmpMessage.RouteMonitoring;
import oca.steering.routes.bmp.BmpMessage.Statistics;
import oca.steering.routes.bmp.BmpMessage.Termination;
import org.jspecify.annotations.Nullable;

/**
 * Reads BMP messages. Pure; whatever the bytes are, it ends with a value.
 *
 * <pre>
 *   0          1           5       6
 *   +----------+-----------+-------+------------------------------------------+
 *   | version 3| length, 4 | type  | per-peer header, 42, in types 0 to 3, 6  |
 *   +----------+-----------+-------+------------------------------------------+
 *
 *   per-peer header:
 *   +--------+---------+-------------+-------------+-------+--------------+---------+
 *   | type 1 | flags 1 | instance 8  | address 16  | AS 4  | router id 4  | time 8  |
 *   +--------+---------+-------------+-------------+-------+--------------+---------+
 *   flags: 80 IPv6, 40 post-policy, 20 AS_PATH of two bytes, 10 Adj-RIB-Out
 * </pre>
 */
final class BmpDecoder {
  /** Bytes before the body. */
  static final int HEADER = 6;

  private static final int PEER_HEADER = 42;
  private static final int LOC_RIB = 3;

  /** Characters kept of what a router says of itself. */
  private static final int WORDS = 255;

  private BmpDecoder() {}

  /**
   * Bytes of a message, from its header.
   *
   * @return -1 when it is no header, or the message would be longer than {@code max}
   */
  static int length(ByteBuffer header, int max) {
    long length = Integer.toUnsignedLong(header.getInt(1));
    return header.get(0) != 3 || length < HEADER || length > max ? -1 : (int) length;
  }

  /** Reads the body of a message of that type, to the end of {@code body}. */
  static BmpMessage decode(int type, ByteBuffer body) {
    return switch (type) {
      case 0, 1, 2, 3 -> ofPeer(type, body);
      case 4 -> new Initiation(words(body, 2), words(body, 1));
      case 5 -> new Termination(words(body, 0));
      case 6 -> new LeftOut(BmpReason.MIRRORED);
      default -> new LeftOut(BmpReason.UNKNOWN_TYPE);
    };
  }

  private static BmpMessage ofPeer(int type, ByteBuffer body) {
    if (body.remaining() < PEER_HEADER) {
      return new LeftOut(BmpReason.MALFORMED);
    }
    PeerHeader peer = peer(body);
    return switch (type) {
      case 0 -> new RouteMonitoring(peer, body.slice());
      case 1 -> new Statistics(peer);
      case 2 ->
          body.hasRemaining()
              ? new PeerDown(peer, body.get() & 0xff)
              : new LeftOut(BmpReason.MALFORMED);
      default -> peerUp(peer, body);
    };
  }

  private static PeerHeader peer(ByteBuffer in) {
    int type = in.get() & 0xff;
    int flags = in.get() & 0xff;
    long instance = in.getLong();
    long high = in.getLong();
    long low = in.getLong();
    boolean local = type == LOC_RIB;
    boolean v6 = (flags & 0x80) != 0 && !local;
    Address address = v6 ? new Address(false, high, low) : new Address(true, low << 32, 0);
    long as = Integer.toUnsignedLong(in.getInt());
    in.position(in.position() + 12);
    return new PeerHeader(
        new PeerKey(type, instance, address),
        as,
        (flags & 0x40) != 0 ? Policy.POST_POLICY : Policy.PRE_POLICY,
        (flags & 0x20) != 0,
        !local && (flags & 0x10) == 0);
  }

  /** Local address 16, two ports 4, the OPEN sent, the OPEN received, more that is not used. */
  private static BmpMessage peerUp(PeerHeader peer, ByteBuffer in) {
    if (in.remaining() < 20) {
      return new LeftOut(BmpReason.MALFORMED);
    }
    in.position(in.position() + 20);
    Open sent = open(in);
    Open received = sent == null ? null : open(in);
    return sent == null || received == null
        ? new LeftOut(BmpReason.MALFORMED)
        : new PeerUp(peer, sent, received);
  }

  private static @Nullable Open open(ByteBuffer in) {
    if (in.remaining() < MessageDecoder.HEADER) {
      return null;
    }
    int length = MessageDecoder.length(in, in.position());
    if (length > in.remaining()) {
      return null;
    }
    Decoded decoded =
        MessageDecoder.decode(
            in.slice(in.position(), length), Negotiated.PLAIN, MessageDecoder.MAX_EXTENDED);
    in.position(in.position() + length);
    return decoded instanceof Decoded.Read(Open open) ? open : null;
  }

  /** The first text of that type among type 2, length 2, value; empty when there is none. */
  private static String words(ByteBuffer body, int wanted) {
    ByteBuffer in = body.duplicate();
    while (in.remaining() >= 4) {
      int type = Short.toUnsignedInt(in.getShort());
      int length = Short.toUnsignedInt(in.getShort());
      if (length > in.remaining()) {
        return "";
      }
      if (type == wanted) {
        byte[] bytes = new byte[Math.min(length, WORDS)];
        in.get(bytes);
        return printable(new String(bytes, StandardCharsets.UTF_8));
      }
      in.position(in.position() + length);
    }
    return "";
  }

  private static String printable(String words) {
    StringBuilder text = new StringBuilder();
    words.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(text::appendCodePoint);
    return text.toString();
  }
}
