package oca.operate;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a compressed archive of small files, one after the other, in the form ustar of POSIX.1:
 * for each file a head of 512 bytes, its bytes, and zeros up to the next multiple of 512; at the
 * end two heads of zeros.
 */
final class TarGz implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final int LONGEST_NAME = 100;
  private static final int SUM_AT = 148;

  private final OutputStream out;
  private final Instant time;

  TarGz(OutputStream to, Instant time) throws IOException {
    this.out = new GZIPOutputStream(to, 1 << 16);
    this.time = time;
  }

  void add(String name, byte[] content) throws IOException {
    byte[] head = new byte[BLOCK];
    put(head, 0, LONGEST_NAME, name);
    put(head, 100, 8, "0000600");
    put(head, 108, 8, "0000000");
    put(head, 116, 8, "0000000");
    put(head, 124, 12, octal(content.length, 11));
    put(head, 136, 12, octal(time.getEpochSecond(), 11));
    Arrays.fill(head, SUM_AT, SUM_AT + 8, (byte) ' ');
    head[156] = '0';
    put(head, 257, 6, "ustar");
    put(head, 263, 2, "00");
    long sum = 0;
    for (byte b : head) {
      sum += b & 0xff;
    }
    put(head, SUM_AT, 7, octal(sum, 6));
    out.write(head);
    out.write(content);
    out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  private static void put(byte[] head, int at, int most, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > most) {
      throw new IllegalArgumentException("longer than " + most + " bytes: " + text);
    }
    System.arraycopy(bytes, 0, head, at, bytes.length);
    if (bytes.length < most) {
      head[at + bytes.length] = 0;
    }
  }

  private static String octal(long number, int digits) {
    String text = Long.toOctalString(number);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }

  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
  }
}
