package oca.protocol;

import java.util.Collection;
import oca.model.ContentId;

/**
 * A set of files in 160 bits, whatever their order: their number, and the sum of 128 bits mixed
 * from each id. Adding and taking away one file costs nanoseconds, so that a set that changes is
 * never gone through again.
 *
 * <p>Two different sets that come about by accident (a lost delta, a file counted twice, a bug)
 * have the same digest once in 2^128 times: what they differ by is a sum of mixed ids that would
 * have to be zero. Sums, not exclusive-ors, because a file counted twice must not vanish. It is no
 * protection against somebody who chooses ids: sums of known terms can be made to agree (the
 * generalized birthday problem). Whoever can send such a set can as well send an untrue one.
 *
 * @param files in the set, 0 or more
 * @param high the upper half of the sum
 * @param low the lower half; the two are summed apart, each modulo 2^64
 */
public record InventoryDigest(int files, long high, long low) {
  /** Of no file. */
  public static final InventoryDigest EMPTY = new InventoryDigest(0, 0, 0);

  public InventoryDigest {
    if (files < 0) {
      throw new IllegalArgumentException("a set has no fewer than 0 files: " + files);
    }
  }

  /** Of those files, of which no two are the same. */
  public static InventoryDigest of(Collection<ContentId> files) {
    long high = 0;
    long low = 0;
    for (ContentId file : files) {
      high += high(file.high(), file.low());
      low += low(file.high(), file.low());
    }
    return new InventoryDigest(files.size(), high, low);
  }

  /** With a file that was not in the set. */
  public InventoryDigest with(ContentId file) {
    return new InventoryDigest(
        files + 1, high + high(file.high(), file.low()), low + low(file.high(), file.low()));
  }

  /** Without a file that was in the set. */
  public InventoryDigest without(ContentId file) {
    return new InventoryDigest(
        files - 1, high - high(file.high(), file.low()), low - low(file.high(), file.low()));
  }

  /** What the file of that id adds to {@link #high}. */
  public static long high(long idHigh, long idLow) {
    return mix(idHigh + mix(idLow + 0x9e3779b97f4a7c15L));
  }

  /** What the file of that id adds to {@link #low}. */
  public static long low(long idHigh, long idLow) {
    return mix(idLow + mix(idHigh + 0xd1b54a32d192ed03L));
  }

  /**
   * Reads the form that {@link #toString} writes.
   *
   * @throws IllegalArgumentException unless it is that form
   */
  public static InventoryDigest parse(String text) {
    int colon = text.indexOf(':');
    if (!text.matches("[0-9]{1,9}:[0-9a-f]{32}")) {
      throw new IllegalArgumentException(
          "not a digest of an inventory (number:32 lower-case hexadecimal digits): " + text);
    }
    ContentId sum = ContentId.parse(text.substring(colon + 1));
    return new InventoryDigest(Integer.parseInt(text, 0, colon, 10), sum.high(), sum.low());
  }

  /** The number in decimal, a colon, 32 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return files + ":" + new ContentId(high, low);
  }

  /** The finalizer of SplitMix64: each bit of the result depends on each bit of the input. */
  private static long mix(long bits) {
    long z = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
