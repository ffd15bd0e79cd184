package oca.steering.routes.bgp.wire;

import java.nio.ByteBuffer;
import java.util.List;
import oca.steering.routes.bgp.wire.Message.Keepalive;
import oca.steering.routes.bgp.wire.Message.Notification;
import oca.steering.routes.bgp.wire.Message.Open;
import oca.steering.routes.bgp.wire.Message.RouteRefresh;
import oca.steering.routes.bgp.wire.Message.Update;

/** Writes messages, each into an array of its own. */
public final class MessageEncoder {
  private static final int MARKER = 16;

  private MessageEncoder() {}

  /**
   * Writes one message. An UPDATE carries IPv4 in its old fields and IPv6 in MP_REACH_NLRI and
   * MP_UNREACH_NLRI, with origin IGP and next hops out of the ranges for documentation.
   *
   * @param negotiated how the reader reads
   * @throws IllegalArgumentException when it would be longer than {@link MessageDecoder#MAX}
   */
  public static byte[] encode(Message message, Negotiated negotiated) {
    // Roomy: what is written is measured at the end.
    ByteBuffer out = ByteBuffer.allocate(1 << 18);
    out.putLong(-1).putLong(-1).putShort((short) 0);
    switch (message) {
      case Open open -> open(out.put((byte) 1), open);
      case Update update -> update(out.put((byte) 2), update, negotiated);
      case Notification notification ->
          out.put((byte) 3)
              .put((byte) notification.code())
              .put((byte) notification.subcode())
              .put(notification.data());
      case Keepalive() -> out.put((byte) 4);
      case RouteRefresh(int afi, int safi) ->
          out.put((byte) 5).putShort((short) afi).put((byte) 0).put((byte) safi);
    }
    int length = out.position();
    if (length > MessageDecoder.MAX) {
      throw new IllegalArgumentException("a message of " + length + " bytes is too long");
    }
    out.putShort(MARKER, (short) length);
    return AttributeDecoder.bytes(out.flip());
  }

  private static void open(ByteBuffer out, Open open) {
    out.put((byte) 4).putShort((short) (open.as() > 0xffff ? AsPath.AS_TRANS : open.as()));
    out.putShort((short) open.holdTime()).putInt((int) (open.routerId().high() >>> 32));
    ByteBuffer capabilities = ByteBuffer.allocate(1 << 17);
    for (Capability capability : open.capabilities()) {
      Capability.write(capabilities, capability);
    }
    int length = capabilities.flip().remaining();
    if (length == 0) {
      out.put((byte) 0);
    } else if (length + 2 <= 255) {
      out.put((byte) (length + 2)).put((byte) 2).put((byte) length).put(capabilities);
    } else {
      out.put((byte) 255).put((byte) 255).putShort((short) (length + 3));
      out.put((byte) 2).putShort((short) length).put(capabilities);
    }
  }

  private static void update(ByteBuffer out, Update update, Negotiated negotiated) {
    int start = out.position();
    out.putShort((short) 0);
    write(out, update.withdrawn(), Family.IPV4, negotiated);
    out.putShort(start, (short) (out.position() - start - 2));
    int attributes = out.position();
    out.putShort((short) 0);
    attributes(out, update, negotiated);
    out.putShort(attributes, (short) (out.position() - attributes - 2));
    write(out, update.announced(), Family.IPV4, negotiated);
  }

  private static void attributes(ByteBuffer out, Update update, Negotiated negotiated) {
    boolean v4 = has(update.announced(), Family.IPV4);
    boolean v6 = has(update.announced(), Family.IPV6);
    if (v6) {
      int start = begin(out, 0x80, AttributeDecoder.MP_REACH);
      Family.IPV6.write(out);
      out.put((byte) 16).putLong(0x2001_0db8_0000_0000L).putLong(1).put((byte) 0);
      write(out, update.announced(), Family.IPV6, negotiated);
      end(out, start);
    }
    if (has(update.withdrawn(), Family.IPV6)
        || update.endOfRib().filter(family -> !family.v4()).isPresent()) {
      int start = begin(out, 0x80, AttributeDecoder.MP_UNREACH);
      Family.IPV6.write(out);
      write(out, update.withdrawn(), Family.IPV6, negotiated);
      end(out, start);
    }
    if (v4 || v6) {
      shared(out, update, negotiated, v4);
    }
  }

  private static void shared(
      ByteBuffer out, Update update, Negotiated negotiated, boolean nextHop) {
    int start = begin(out, 0x40, AttributeDecoder.ORIGIN);
    end(out.put((byte) 0), start);
    start = begin(out, 0x40, AttributeDecoder.AS_PATH);
    update.asPath().write(out, negotiated.fourOctetAs());
    end(out, start);
    if (nextHop) {
      start = begin(out, 0x40, AttributeDecoder.NEXT_HOP);
      end(out.putInt(0xc000_0201), start);
    }
    if (update.med() != 0) {
      start = begin(out, 0x80, AttributeDecoder.MED);
      end(out.putInt((int) update.med()), start);
    }
    if (negotiated.internal()) {
      start = begin(out, 0x40, AttributeDecoder.LOCAL_PREF);
      end(out.putInt(100), start);
    }
    AsPath outside = update.asPath().outside();
    if (!negotiated.fourOctetAs() && !outside.segments().isEmpty()) {
      start = begin(out, 0xc0, AttributeDecoder.AS4_PATH);
      outside.write(out, true);
      end(out, start);
    }
  }

  private static boolean has(List<Nlri> paths, Family family) {
    return paths.stream().anyMatch(path -> path.family() == family);
  }

  private static void write(
      ByteBuffer out, List<Nlri> paths, Family family, Negotiated negotiated) {
    for (Nlri path : paths) {
      if (path.family() == family) {
        NlriField.write(out, path, negotiated.addPath(family));
      }
    }
  }

  private static int begin(ByteBuffer out, int flags, int type) {
    out.put((byte) (flags | 0x10)).put((byte) type).putShort((short) 0);
    return out.position();
  }

  private static void end(ByteBuffer out, int start) {
    out.putShort(start - 2, (short) (out.position() - start));
  }
}
