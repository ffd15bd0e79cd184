package oca.server.range;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/**
 * The Cache-Status field of an answer, ready to send (RFC 9211).
 *
 * <p>What is answered with a file's bytes, or by the client's having them, is a {@code hit}
 * (section 2.1 counts 206 and 304 in). All else says in {@code detail} how it was answered. There
 * is no {@code fwd}: it says that a request went on towards the origin and why (section 2.2), and
 * none does; a player asks the next server itself. Immutable.
 */
public final class CacheStatus {
  private final Map<Outcome, byte[]> lines = new EnumMap<>(Outcome.class);

  private CacheStatus(String name) {
    String item = isToken(name) ? name : quoted(name);
    for (Outcome outcome : Outcome.values()) {
      String line = "Cache-Status: " + item + "; " + parameters(outcome) + "\r\n";
      lines.put(outcome, line.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /**
   * The fields that {@code name} sends.
   *
   * @param name of the cache, as operators know it: 1 or more characters of printable ASCII
   */
  public static CacheStatus of(String name) {
    if (name.isEmpty() || !name.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("not a cache's name, which is printable ASCII: " + name);
    }
    return new CacheStatus(name);
  }

  /** The whole field line with its end, such as {@code Cache-Status: a1; hit}; not to write to. */
  public byte[] line(Outcome outcome) {
    byte[] line = lines.get(outcome);
    if (line == null) {
      throw new IllegalStateException("nothing to say for " + outcome);
    }
    return line;
  }

  /** The value alone, such as {@code a1; hit}. */
  public String value(Outcome outcome) {
    String line = new String(line(outcome), StandardCharsets.US_ASCII);
    return line.substring(line.indexOf(' ') + 1, line.length() - 2);
  }

  private static String parameters(Outcome outcome) {
    return switch (outcome) {
      case WHOLE, PART, PARTS, NOT_MODIFIED -> "hit";
      case PREFLIGHT,
          BAD_REQUEST,
          FORBIDDEN,
          NOT_HERE,
          METHOD_NOT_ALLOWED,
          HEAD_TIMEOUT,
          PRECONDITION_FAILED,
          BODY_REFUSED,
          TARGET_TOO_LONG,
          UNSATISFIABLE,
          TOO_MANY_RANGES,
          HEAD_TOO_LARGE,
          FAULT,
          GONE,
          UPSTREAM_FAULT,
          UPSTREAM_AWAY,
          NOT_CACHED,
          UPSTREAM_LATE,
          LOOP,
          BUSY,
          VERSION_UNKNOWN ->
          "detail=" + outcome.label();
    };
  }

  /** A token of structured fields begins with a letter or asterisk (RFC 9651, section 3.3.4). */
  private static boolean isToken(String name) {
    char first = name.charAt(0);
    return (isLetter(first) || first == '*')
        && name.chars()
            .allMatch(
                c -> isLetter(c) || (c >= '0' && c <= '9') || "!#$%&'*+-.^_`|~:/".indexOf(c) >= 0);
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static String quoted(String name) {
    return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
