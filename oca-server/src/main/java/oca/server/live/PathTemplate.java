package oca.server.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The form of an event's paths: characters as they are, and at most one place that has to be
 * searched for its end, so that a match costs time linear in the path.
 *
 * <p>A path is compared as it was sent, without its query; nothing is decoded.
 */
final class PathTemplate {
  /** The path is not of this form. */
  static final long NO_MATCH = -1;

  /** The path is of this form, but its rendition or number is none. */
  static final long NO_SUCH = -2;

  /** What a number or time may be at most: what players count in exactly. */
  static final long MAX_NUMBER = 1L << 53;

  /** The longest name of a rendition, in characters. */
  static final int MAX_RENDITION = 128;

  private static final int MAX_DIGITS = 16;

  /** A stretch of a path. */
  sealed interface Part {
    /** Those characters. */
    record Literal(String text) implements Part {}

    /** A number of at least so many digits, filled up with zeros, none in front beyond that. */
    record Digits(boolean isTime, int width) implements Part {}

    /** A rendition: characters other than a slash, the same wherever it comes again. */
    record Rendition() implements Part {}

    /** Any characters, slashes too, or none. */
    record Star() implements Part {}
  }

  private final String text;
  private final List<Part> parts;
  private final boolean isOfTimes;

  /**
   * A form of those parts.
   *
   * @param text as it was written
   * @param parts the first one literal, no two literals side by side; behind a star at most a
   *     literal
   */
  PathTemplate(String text, List<Part> parts) {
    this.text = text;
    this.parts = List.copyOf(parts);
    this.isOfTimes =
        parts.stream().anyMatch(it -> it instanceof Part.Digits(boolean time, _) && time);
  }

  List<Part> parts() {
    return parts;
  }

  /** What every path of this form begins with. */
  String prefix() {
    return parts.getFirst() instanceof Part.Literal(String literal) ? literal : "";
  }

  boolean isOfTimes() {
    return isOfTimes;
  }

  boolean hasRendition() {
    return parts.stream().anyMatch(it -> it instanceof Part.Rendition);
  }

  /**
   * The number or time in the path, 0 when the form has none; {@link #NO_MATCH} or {@link
   * #NO_SUCH}.
   *
   * @param renditions those there are; empty for any
   */
  long match(String path, Set<String> renditions) {
    return match(path, 0, 0, -1, -1, 0, renditions);
  }

  /** Goes on from a part and a place; the rendition, if it was seen, is from {@code a} to b. */
  private long match(
      String path, int from, int first, int a, int b, long value, Set<String> renditions) {
    int at = from;
    long found = value;
    for (int i = first; i < parts.size(); i++) {
      switch (parts.get(i)) {
        case Part.Literal(String literal) -> {
          if (!path.startsWith(literal, at)) {
            return NO_MATCH;
          }
          at += literal.length();
        }
        case Part.Digits digits -> {
          int to = digitsEnd(path, at);
          if (to == at) {
            return NO_MATCH;
          }
          found = number(path, at, to, digits.width());
          at = to;
        }
        case Part.Rendition rendition -> {
          if (a < 0) {
            return split(path, at, i + 1, found, renditions);
          }
          if (!path.regionMatches(at, path, a, b - a)) {
            return NO_MATCH;
          }
          at += b - a;
        }
        case Part.Star star -> {
          String rest =
              i + 1 < parts.size() && parts.get(i + 1) instanceof Part.Literal(String literal)
                  ? literal
                  : "";
          return path.length() - rest.length() >= at && path.endsWith(rest) ? found : NO_MATCH;
        }
      }
    }
    return at == path.length() ? found : NO_MATCH;
  }

  /** Looks for where the rendition ends, the furthest place first. */
  private long split(String path, int from, int next, long value, Set<String> renditions) {
    int slash = path.indexOf('/', from);
    int end = Math.min(slash < 0 ? path.length() : slash, from + MAX_RENDITION);
    long best = NO_MATCH;
    for (int to = end; to > from; to--) {
      long found = match(path, to, next, from, to, value, renditions);
      if (found >= 0 && (renditions.isEmpty() || renditions.contains(path.substring(from, to)))) {
        return found;
      }
      best = found == NO_MATCH ? best : NO_SUCH;
    }
    return best;
  }

  private static int digitsEnd(String path, int from) {
    int to = from;
    while (to < path.length() && path.charAt(to) >= '0' && path.charAt(to) <= '9') {
      to++;
    }
    return to;
  }

  private static long number(String path, int from, int to, int width) {
    int length = to - from;
    boolean isSpelledSo = length == width || (length > width && path.charAt(from) != '0');
    if (!isSpelledSo || length > MAX_DIGITS) {
      return NO_SUCH;
    }
    long number = Long.parseLong(path, from, to, 10);
    return number > MAX_NUMBER ? NO_SUCH : number;
  }

  /** The path of one segment, for telling the operator. */
  String sample(String rendition, long value) {
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Part.Literal(String literal) -> out.append(literal);
        case Part.Digits digits -> {
          String number = Long.toString(value);
          out.repeat('0', Math.max(0, digits.width() - number.length())).append(number);
        }
        case Part.Rendition other -> out.append(rendition);
        case Part.Star star -> out.append('*');
      }
    }
    return out.toString();
  }

  /** How many of the parts are of a kind. */
  long count(Class<? extends Part> kind) {
    return parts.stream().filter(kind::isInstance).count();
  }

  /** The characters and the code of what varies, for {@link Overlap}. */
  List<Integer> shape() {
    List<Integer> shape = new ArrayList<>();
    for (Part part : parts) {
      switch (part) {
        case Part.Literal(String literal) -> literal.chars().forEach(shape::add);
        case Part.Digits digits -> shape.addAll(List.of(Overlap.DIGIT, Overlap.DIGITS));
        case Part.Rendition other -> shape.addAll(List.of(Overlap.NO_SLASH, Overlap.NO_SLASHES));
        case Part.Star star -> shape.add(Overlap.ANYTHING);
      }
    }
    return shape;
  }

  @Override
  public String toString() {
    return text;
  }
}
