package oca.server.fill;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.model.ByteRange;

/** What the head of a source's answer promises, checked before any byte of it is kept. */
sealed interface Announced {
  /** The body may be read: it is these bytes of the file, which hold those that were wanted. */
  record Body(ByteRange carried) implements Announced {}

  /** The answer is of no use; the reason is a clause. */
  record Refused(String reason) implements Announced {}

  /** The source has not what was asked for, now. */
  record NotHere(String reason) implements Announced {}

  /** The source has no time for it now. */
  record Busy(String reason) implements Announced {}

  /** {@code Content-Range: bytes first-last/length} (RFC 9110, section 14.4). */
  Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

  /**
   * Checks status, coding, {@code Content-Range} and {@code Content-Length}.
   *
   * @param wanted the bytes asked for; when they are the whole file, no range was asked for
   * @param length of the whole file
   */
  static Announced read(HttpResponse<?> answer, ByteRange wanted, long length) {
    HttpHeaders headers = answer.headers();
    String coding = headers.firstValue("Content-Encoding").orElse("identity");
    if (!coding.toLowerCase(Locale.ROOT).equals("identity")) {
      return new Refused("sent the file in the coding " + coding);
    }
    return switch (answer.statusCode()) {
      case 200 -> ofLength(headers, new ByteRange(0, length - 1));
      case 206 ->
          wanted.length() == length
              ? new Refused("answered 206 unasked")
              : part(headers, wanted, length);
      case 404 -> new NotHere("answered 404");
      case 429, 503 -> new Busy("answered " + answer.statusCode());
      default -> new Refused("answered " + answer.statusCode());
    };
  }

  private static Announced part(HttpHeaders headers, ByteRange wanted, long length) {
    String range = headers.firstValue("Content-Range").orElse("");
    Matcher matcher = CONTENT_RANGE.matcher(range);
    boolean asAsked =
        matcher.matches()
            && Long.parseLong(matcher.group(1)) == wanted.first()
            && Long.parseLong(matcher.group(2)) == wanted.last()
            && Long.parseLong(matcher.group(3)) == length;
    if (!asAsked) {
      return new Refused(
          "answered with the range \""
              + range
              + "\" where bytes "
              + wanted.first()
              + "-"
              + wanted.last()
              + "/"
              + length
              + " were asked for");
    }
    return ofLength(headers, wanted);
  }

  private static Announced ofLength(HttpHeaders headers, ByteRange carried) {
    OptionalLong announced;
    try {
      announced = headers.firstValueAsLong("Content-Length");
    } catch (NumberFormatException e) {
      return new Refused("sent a Content-Length that is no number: " + e.getMessage());
    }
    if (announced.isPresent() && announced.getAsLong() != carried.length()) {
      return new Refused(
          "announced "
              + announced.getAsLong()
              + " bytes where "
              + carried.length()
              + " are to come");
    }
    return new Body(carried);
  }
}
