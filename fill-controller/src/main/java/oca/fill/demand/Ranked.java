package oca.fill.demand;

import java.util.Comparator;
import oca.model.ContentId;

/**
 * A file's place among others: by plays, which is bytes divided by its length; then by bytes, then
 * by its id, so that an order is the same wherever it is made.
 *
 * @param bytes sent of it
 * @param length of the file; below 1 counts as 1
 */
public record Ranked(ContentId file, long bytes, long length) implements Comparable<Ranked> {
  private static final Comparator<Ranked> ORDER =
      Comparator.comparingDouble((Ranked it) -> -it.plays())
          .thenComparingLong(it -> -it.bytes)
          .thenComparing(it -> it.file.toString());

  /** How often it was watched, were it watched whole. */
  public double plays() {
    return (double) bytes / Math.max(1, length);
  }

  /** The one watched more comes first. */
  @Override
  public int compareTo(Ranked other) {
    return ORDER.compare(this, other);
  }
}
