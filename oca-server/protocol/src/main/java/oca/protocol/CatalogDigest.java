package oca.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import oca.model.ContentId;

/**
 * What a catalogue offers, in 160 bits: the number of its titles, and the sum of 128 bits of the
 * SHA-256 of each title's files, in their order and with all that is said of them. The order of
 * titles does not count. Adding and taking away one title costs one hash, so that a catalogue that
 * changes is never gone through again.
 *
 * <p>As with {@link InventoryDigest} two catalogues that differ by accident never have the same in
 * practice; it is no protection against somebody who may choose them.
 *
 * @param titles 0 or more
 * @param high the upper half of the sum
 * @param low the lower half; the two are summed apart, each modulo 2^64
 */
public record CatalogDigest(int titles, long high, long low) {
  /** Of no title. */
  public static final CatalogDigest EMPTY = new CatalogDigest(0, 0, 0);

  public CatalogDigest {
    if (titles < 0) {
      throw new IllegalArgumentException("a catalogue has no fewer than 0 titles: " + titles);
    }
  }

  /** Of one title with those files. */
  public static CatalogDigest ofTitle(List<CatalogEntry> files) {
    ByteBuffer hash = ByteBuffer.wrap(Sha256.of(Wire.write(files)));
    return new CatalogDigest(1, hash.getLong(), hash.getLong());
  }

  /** Of all those titles. */
  public static CatalogDigest of(Collection<List<CatalogEntry>> titles) {
    CatalogDigest sum = EMPTY;
    for (List<CatalogEntry> files : titles) {
      sum = sum.plus(ofTitle(files));
    }
    return sum;
  }

  /** The files of each title, both in the order in which they are listed. */
  public static Map<String, List<CatalogEntry>> byTitle(List<CatalogEntry> files) {
    Map<String, List<CatalogEntry>> titles = new LinkedHashMap<>();
    for (CatalogEntry file : files) {
      titles.computeIfAbsent(file.title(), _ -> new ArrayList<>()).add(file);
    }
    return titles;
  }

  /** With titles that were not in it. */
  public CatalogDigest plus(CatalogDigest others) {
    return new CatalogDigest(titles + others.titles, high + others.high, low + others.low);
  }

  /** Without titles that were in it. */
  public CatalogDigest minus(CatalogDigest others) {
    return new CatalogDigest(titles - others.titles, high - others.high, low - others.low);
  }

  /**
   * Reads the form that {@link #toString} writes.
   *
   * @throws IllegalArgumentException unless it is that form
   */
  public static CatalogDigest parse(String text) {
    if (!text.matches("[0-9]{1,9}:[0-9a-f]{32}")) {
      throw new IllegalArgumentException(
          "not a digest of a catalogue (number:32 lower-case hexadecimal digits): " + text);
    }
    int colon = text.indexOf(':');
    ContentId sum = ContentId.parse(text.substring(colon + 1));
    return new CatalogDigest(Integer.parseInt(text, 0, colon, 10), sum.high(), sum.low());
  }

  /** The number in decimal, a colon, 32 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return titles + ":" + new ContentId(high, low);
  }
}
