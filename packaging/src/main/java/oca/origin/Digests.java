package oca.origin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import oca.protocol.BlockList;

/**
 * What one reading of a file tells.
 *
 * @param length bytes read
 * @param sha256 of all of them, 64 lower-case hexadecimal digits
 * @param list the SHA-256 of each block, one after the other; empty for a file of at most one block
 */
record Digests(long length, String sha256, byte[] list) {
  /**
   * The longest list, in bytes: it is made in memory, and appliances read it into theirs. In blocks
   * of 1 MiB it does for a file of 2 TiB.
   */
  static final int MAX_LIST = 64 << 20;

  private static final int BUFFER = 1 << 18;

  /**
   * Reads the file once.
   *
   * @param blockBytes of a block
   * @throws IOException when it cannot be read or its list would be too long; the message names it
   */
  static Digests of(Path file, int blockBytes) throws IOException {
    requireListable(file, blockBytes);
    MessageDigest whole = digester();
    MessageDigest block = digester();
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    long length = 0;
    int inBlock = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        whole.update(buffer, 0, n);
        length += n;
        for (int at = 0; at < n; ) {
          int some = Math.min(n - at, blockBytes - inBlock);
          block.update(buffer, at, some);
          at += some;
          inBlock += some;
          if (inBlock == blockBytes) {
            list.writeBytes(block.digest());
            inBlock = 0;
          }
        }
      }
    }
    if (inBlock > 0) {
      list.writeBytes(block.digest());
    }
    byte[] digests = length > blockBytes ? list.toByteArray() : new byte[0];
    return new Digests(length, HexFormat.of().formatHex(whole.digest()), digests);
  }

  /** The list as a file of its own. */
  String sha256OfList() {
    return HexFormat.of().formatHex(digester().digest(list));
  }

  static MessageDigest digester() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }

  private static void requireListable(Path file, int blockBytes) throws IOException {
    long most = (long) blockBytes * (MAX_LIST / BlockList.DIGEST_BYTES);
    long size = Files.size(file);
    if (size > most) {
      throw new IOException(
          "cannot publish "
              + file
              + ": its "
              + size
              + " bytes are more than the "
              + most
              + " that blocks of "
              + blockBytes
              + " bytes can be listed for; publish with larger blocks: --block-size");
    }
  }
}
