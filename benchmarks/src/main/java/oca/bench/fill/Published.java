package oca.bench.fill;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import oca.protocol.BlockList;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;

/**
 * What the origin publishes: files of random bytes, each a title of its own, with their block
 * lists.
 *
 * @param bytes by path
 */
record Published(Catalog catalog, Map<String, byte[]> bytes) {
  static final String TITLE = "title-";

  /**
   * Makes files up.
   *
   * @param block the length of a block
   */
  static Published of(int files, int length, int block, long seed) {
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    List<CatalogEntry> entries = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      byte[] content = new byte[length];
      new Random(seed + i).nextBytes(content);
      ByteArrayOutputStream digests = new ByteArrayOutputStream();
      for (int at = 0; at < length; at += block) {
        digests.writeBytes(sha256(Arrays.copyOfRange(content, at, Math.min(length, at + block))));
      }
      String path = "t/" + i + ".mp4";
      String list = path + ".blocks";
      bytes.put(path, content);
      bytes.put(list, digests.toByteArray());
      entries.add(
          new CatalogEntry(
              path,
              TITLE + i,
              length,
              HexFormat.of().formatHex(sha256(content)),
              "video/mp4",
              Instant.EPOCH,
              new BlockList(block, list)));
      entries.add(
          new CatalogEntry(
              list,
              TITLE + i,
              digests.size(),
              HexFormat.of().formatHex(sha256(digests.toByteArray())),
              "application/octet-stream",
              Instant.EPOCH));
    }
    return new Published(new Catalog("1", entries), bytes);
  }

  /** The bytes of all files together. */
  long unique() {
    return bytes.values().stream().mapToLong(it -> it.length).sum();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }
}
