package oca.server.caching;

import oca.model.ByteRange;
import org.jspecify.annotations.Nullable;

/**
 * The field Content-Range of a part (RFC 9110, section 14.4).
 *
 * @param range within the whole
 * @param length of the whole in bytes, or {@link #UNKNOWN}
 */
public record ContentRange(ByteRange range, long length) {
  /** The part's sender did not know it yet. */
  public static final long UNKNOWN = -1;

  private static final int MAX_DIGITS = 18;

  /**
   * The place of a response's one part in its whole.
   *
   * @return null when the response has no such field, several, or one that is none; also for {@code
   *     bytes *}{@code /n}, which is of no part
   */
  public static @Nullable ContentRange of(FieldSection fields) {
    String field = fields.joined("Content-Range");
    if (field == null || !field.regionMatches(true, 0, "bytes ", 0, 6)) {
      return null;
    }
    int dash = field.indexOf('-');
    int slash = field.indexOf('/');
    if (dash < 0 || slash < dash) {
      return null;
    }
    String length = field.substring(slash + 1);
    long first = number(field.substring(6, dash));
    long last = number(field.substring(dash + 1, slash));
    long whole = length.equals("*") ? UNKNOWN : number(length);
    boolean unknown = length.equals("*");
    boolean is = first >= 0 && last >= first && (unknown || whole > last);
    return is ? new ContentRange(new ByteRange(first, last), whole) : null;
  }

  private static long number(String text) {
    return Grammar.isDigits(text) && text.length() <= MAX_DIGITS ? Long.parseLong(text) : -2;
  }
}
