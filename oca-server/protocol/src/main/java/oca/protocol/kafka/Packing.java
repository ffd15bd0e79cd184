package oca.protocol.kafka;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Messages as they lie on disk and in topics: a gzip member each (RFC 1952). Members one after the
 * other are again a gzip file, so {@code zcat} reads what a console consumer prints. Safe on any
 * thread.
 */
public final class Packing {
  private static final int BUFFER = 16 << 10;

  private Packing() {}

  /** Packs; the fastest level, for lines of JSON shrink to a fifth by it. */
  public static byte[] pack(byte[] message) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(message.length / 8 + 64);
    try (OutputStream out = new Fast(packed)) {
      out.write(message);
    } catch (IOException e) {
      throw new IllegalStateException("memory does not refuse bytes", e);
    }
    return packed.toByteArray();
  }

  /**
   * Unpacks; what is not packed is returned as it is.
   *
   * @param most bytes that a message may have
   * @throws IOException when it has more, or is not whole
   */
  public static byte[] unpack(byte[] value, int most) throws IOException {
    if (value.length < 2 || (value[0] & 0xff) != 0x1f || (value[1] & 0xff) != 0x8b) {
      if (value.length > most) {
        throw new IOException("a message of more than " + most + " bytes");
      }
      return value;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(value), BUFFER)) {
      byte[] message = in.readNBytes(most);
      if (message.length == most && in.read() >= 0) {
        throw new IOException("a message of more than " + most + " bytes");
      }
      return message;
    }
  }

  private static final class Fast extends GZIPOutputStream {
    Fast(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
