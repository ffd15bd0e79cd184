package oca.server.caching;

import java.util.List;
import java.util.OptionalLong;
import oca.server.range.Validators;
import org.jspecify.annotations.Nullable;

/** The validators in a response's header section (RFC 9110, section 8.8). */
final class ResponseValidators {
  /**
   * How long before Date a response must have been modified last for that date to be strong
   * (section 8.8.2.2): then clocks that differ a little cannot have hidden a second change.
   */
  private static final long STRONG_AFTER_SECONDS = 60;

  private ResponseValidators() {}

  /** The entity tag, spelled as it came; null without one, or when there are two. */
  static @Nullable String entityTag(FieldSection fields) {
    List<String> tags = fields.values("ETag").stream().distinct().toList();
    return tags.size() == 1 && !tags.getFirst().isEmpty() ? tags.getFirst() : null;
  }

  /** Whether a tag is well formed and not weak (section 8.8.3). */
  static boolean isStrong(String tag) {
    int last = tag.length() - 1;
    if (last < 1 || tag.charAt(0) != '"' || tag.charAt(last) != '"') {
      return false;
    }
    return tag.substring(1, last).chars().allMatch(c -> c > ' ' && c != '"' && c != 0x7f);
  }

  /** Whether a tag is well formed. */
  static boolean isTag(String tag) {
    return isStrong(tag.startsWith("W/") ? tag.substring(2) : tag);
  }

  /** When it was modified last, in seconds since 1970; empty when nobody says so properly. */
  static OptionalLong modified(FieldSection fields) {
    List<String> lines = fields.values("Last-Modified").stream().distinct().toList();
    return lines.size() == 1 ? CacheDates.parse(lines.getFirst()) : OptionalLong.empty();
  }

  private static boolean isModifiedStrong(FieldSection fields) {
    OptionalLong modified = modified(fields);
    OptionalLong date = CacheDates.earliest(fields.values("Date"));
    return modified.isPresent()
        && date.isPresent()
        && date.getAsLong() - modified.getAsLong() >= STRONG_AFTER_SECONDS;
  }

  /** Whether there is anything to validate the response by. */
  static boolean isAny(FieldSection fields) {
    return entityTag(fields) != null || modified(fields).isPresent();
  }

  /** Whether parts of the response can be told from parts of another. */
  static boolean isAnyStrong(FieldSection fields) {
    String tag = entityTag(fields);
    return tag != null ? isStrong(tag) : isModifiedStrong(fields);
  }

  /** Whether two responses are the same by a strong validator that both have. */
  static boolean isSameStrongly(FieldSection one, FieldSection other) {
    String tag = entityTag(one);
    String otherTag = entityTag(other);
    if (tag != null || otherTag != null) {
      return tag != null && tag.equals(otherTag) && isStrong(tag);
    }
    return isModifiedStrong(one)
        && isModifiedStrong(other)
        && modified(one).equals(modified(other));
  }

  /**
   * Whether a 304 can be about a kept response (RFC 9111, section 4.3.4): a strong tag only about
   * one of that very tag, or of none and the same strong date; a weak one by weak comparison; a
   * date about one of that date.
   */
  static boolean isAbout(FieldSection answer, FieldSection kept) {
    String tag = entityTag(answer);
    String own = entityTag(kept);
    if (tag != null && own != null) {
      return isStrong(tag) ? tag.equals(own) : opaque(tag).equals(opaque(own));
    }
    boolean isDateEnough = tag == null || !isStrong(tag) || isModifiedStrong(answer);
    return isDateEnough && modified(answer).isPresent() && modified(answer).equals(modified(kept));
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  /**
   * By what conditions of clients are evaluated. Where no Last-Modified is known, the response's
   * Date stands in (RFC 9111, section 4.3.2), for conditions but not for ranges.
   */
  static Validators forConditions(FieldSection fields, long receivedMillis) {
    OptionalLong modified = modified(fields);
    if (modified.isPresent()) {
      return new Validators(entityTag(fields), modified.getAsLong(), isModifiedStrong(fields));
    }
    long date =
        CacheDates.earliest(fields.values("Date")).orElse(Math.floorDiv(receivedMillis, 1000L));
    return new Validators(entityTag(fields), date, false);
  }
}
