package oca.server.fill;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the head of a source's answer promises, checked before any byte of it is kept. */
sealed interface Announced {
  /** The body may be read, after its first {@code skip} bytes, which are held already. */
  record Body(long skip) implements Announced {}

  /** The answer is of no use; the reason is a clause. */
  record Refused(String reason) implements Announced {}

  /** {@code Content-Range: bytes first-last/length} (RFC 9110, section 14.4). */
  Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  /**
   * Checks status, coding, {@code Content-Range} and {@code Content-Length}.
   *
   * @param position the first byte wanted
   * @param length of the whole file
   */
  static Announced read(HttpResponse<?> answer, long position, long length) {
    HttpHeaders headers = answer.headers();
    String coding = headers.firstValue("Content-Encoding").orElse("identity");
    if (!coding.toLowerCase(Locale.ROOT).equals("identity")) {
      return new Refused("sent the file in the coding " + coding);
    }
    return switch (answer.statusCode()) {
      case 200 -> ofLength(headers, length, position);
      case 206 ->
          position == 0 ? new Refused("answered 206 unasked") : part(headers, position, length);
      default -> new Refused("answered " + answer.statusCode());
    };
  }

  private static Announced part(HttpHeaders headers, long position, long length) {
    String range = headers.firstValue("Content-Range").orElse("");
    Matcher matcher = CONTENT_RANGE.matcher(range);
    boolean asAsked =
        matcher.matches()
            && Long.parseLong(matcher.group(1)) == position
            && Long.parseLong(matcher.group(2)) == length - 1
            && Long.parseLong(matcher.group(3)) == length;
    if (!asAsked) {
      return new Refused(
          "answered with the range \""
              + range
              + "\" where bytes "
              + position
              + "-"
              + (length - 1)
              + "/"
              + length
              + " were asked for");
    }
    return ofLength(headers, length - position, 0);
  }

  private static Announced ofLength(HttpHeaders headers, long expected, long skip) {
    OptionalLong announced;
    try {
      announced = headers.firstValueAsLong("Content-Length");
    } catch (NumberFormatException e) {
      return new Refused("sent a Content-Length that is no number: " + e.getMessage());
    }
    if (announced.isPresent() && announced.getAsLong() != expected) {
      return new Refused(
          "announced " + announced.getAsLong() + " bytes where " + expected + " are to come");
    }
    return new Body(skip);
  }
}
