package oca.bench.serve;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** HTTP/2 frames written by hand (RFC 9113, section 4.1), as no client library would send them. */
final class Frames {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final int CANCEL = 8;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private Frames() {}

  /** One frame. */
  static byte[] frame(int type, int flags, int stream, byte... payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** What a client says first; answers may have so many bytes before the client says more. */
  static byte[] opening(int window) {
    byte[] setting =
        ByteBuffer.allocate(6).putShort((short) INITIAL_WINDOW_SIZE).putInt(window).array();
    return joined(PREFACE, frame(SETTINGS, 0, 0, setting));
  }

  /** A request for a path, in HPACK without its table (RFC 7541, section 6.2.2). */
  static byte[] request(int stream, int flags, String path) {
    byte[] target = path.getBytes(StandardCharsets.US_ASCII);
    byte[] host = "127.0.0.1".getBytes(StandardCharsets.US_ASCII);
    byte[] methodAndScheme = {(byte) 0x82, (byte) 0x86};
    byte[] fields =
        joined(
            methodAndScheme,
            new byte[] {0x04, (byte) target.length},
            target,
            new byte[] {0x01, (byte) host.length},
            host);
    return frame(HEADERS, flags, stream, fields);
  }

  /** RST_STREAM with CANCEL. */
  static byte[] reset(int stream) {
    return frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(CANCEL).array());
  }

  /** All of them, one after the other. */
  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
