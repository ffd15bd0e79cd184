package oca.server.caching;

import org.jspecify.annotations.Nullable;

/** Parts of responses, kept and put together (RFC 9111, sections 3.3 and 3.4). */
public final class Partials {
  private Partials() {}

  /**
   * Whether a 206 can be kept: one part, of known place in a whole of known length, with a strong
   * validator. Others could be kept too by the RFC, but not answered from without risk.
   */
  static boolean isKeepable(FieldSection fields) {
    ContentRange place = ContentRange.of(fields);
    return place != null
        && place.length() != ContentRange.UNKNOWN
        && ResponseValidators.isAnyStrong(fields);
  }

  /**
   * Whether the bytes of two responses belong to the same representation: the strong validator is
   * the same, and so is the length of the whole. If not, the older bytes go.
   *
   * @param newer of a 200 or 206
   */
  public static boolean mayCombine(FieldSection kept, FieldSection newer) {
    long one = length(kept);
    long other = length(newer);
    return ResponseValidators.isSameStrongly(kept, newer)
        && (one == other || one == ContentRange.UNKNOWN || other == ContentRange.UNKNOWN);
  }

  /**
   * Whether what was got of a 200 that broke off may be kept as a part, to be completed by ranges:
   * its length is known and it has a strong validator.
   */
  public static boolean isResumable(FieldSection fields) {
    return length(fields) != ContentRange.UNKNOWN && ResponseValidators.isAnyStrong(fields);
  }

  /** The validator to send as If-Range when more of it is asked for; null without a strong one. */
  public static @Nullable String ifRange(FieldSection fields) {
    if (!ResponseValidators.isAnyStrong(fields)) {
      return null;
    }
    String tag = ResponseValidators.entityTag(fields);
    return tag != null ? tag : fields.first("Last-Modified");
  }

  /** The length of the whole in bytes, or {@link ContentRange#UNKNOWN}. */
  public static long length(FieldSection fields) {
    ContentRange place = ContentRange.of(fields);
    if (place != null || fields.has("Content-Range")) {
      return place == null ? ContentRange.UNKNOWN : place.length();
    }
    long length = ContentRange.UNKNOWN;
    for (String value : fields.members("Content-Length")) {
      long said = Grammar.isDigits(value) && value.length() <= 18 ? Long.parseLong(value) : -1;
      if (said < 0 || (length != ContentRange.UNKNOWN && length != said)) {
        return ContentRange.UNKNOWN;
      }
      length = said;
    }
    return length;
  }

  /** The header section of the whole that a part is of. */
  public static FieldSection ofWhole(FieldSection part) {
    long length = length(part);
    FieldSection rest =
        part.without(
            name ->
                name.equalsIgnoreCase("Content-Range") || name.equalsIgnoreCase("Content-Length"));
    return length == ContentRange.UNKNOWN
        ? rest
        : rest.plus("Content-Length", Long.toString(length));
  }
}
