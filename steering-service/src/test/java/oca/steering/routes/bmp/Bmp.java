package oca.steering.routes.bmp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import oca.model.Address;
import oca.steering.routes.bgp.wire.Capability;
import oca.steering.routes.bgp.wire.Message;
import oca.steering.routes.bgp.wire.Message.Open;
import oca.steering.routes.bgp.wire.MessageEncoder;
import oca.steering.routes.bgp.wire.Negotiated;

/** Writes BMP as a router does (RFC 7854, section 4). */
final class Bmp {
  static final int POST = 0x40;
  static final int LEGACY = 0x20;
  static final int OUT = 0x10;

  private Bmp() {}

  /** A message of that type. */
  static byte[] message(int type, byte[]... parts) {
    int length = 6;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer out = ByteBuffer.allocate(length).put((byte) 3).putInt(length).put((byte) type);
    for (byte[] part : parts) {
      out.put(part);
    }
    return out.array();
  }

  /** A per-peer header. */
  static byte[] peer(int type, int flags, long instance, String address) {
    Address peer = Address.parse(address);
    ByteBuffer out = ByteBuffer.allocate(42);
    out.put((byte) type).put((byte) (peer.v4() ? flags : flags | 0x80)).putLong(instance);
    if (peer.v4()) {
      out.putLong(0).putInt(0).putInt((int) (peer.high() >>> 32));
    } else {
      out.putLong(peer.high()).putLong(peer.low());
    }
    out.putInt(65_009).putInt(0xc000_0209).putLong(0);
    return out.array();
  }

  static byte[] peer(String address, int flags) {
    return peer(0, flags, 0, address);
  }

  static byte[] up(byte[] peer, Capability... capabilities) {
    byte[] open =
        MessageEncoder.encode(
            new Open(65_009, 90, Address.parse("192.0.2.9"), List.of(capabilities)),
            Negotiated.PLAIN);
    return message(3, peer, new byte[20], open, open);
  }

  static byte[] up(String address) {
    return up(peer(address, 0), new Capability.FourOctetAs(65_009));
  }

  static byte[] down(String address) {
    return message(2, peer(address, 0), new byte[] {4});
  }

  static byte[] routes(byte[] peer, Message update) {
    return message(0, peer, MessageEncoder.encode(update, Negotiated.PLAIN));
  }

  static byte[] words(int type, int tlv, String words) {
    byte[] text = words.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(4 + text.length);
    out.putShort((short) tlv).putShort((short) text.length).put(text);
    return message(type, out.array());
  }
}
