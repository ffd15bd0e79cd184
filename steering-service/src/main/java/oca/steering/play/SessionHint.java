package oca.steering.play;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.protocol.http.Request;
import org.jspecify.annotations.Nullable;

/**
 * What a player calls its playback: {@code sid} of CMCD (CTA-5004), in the query, in the header of
 * the session, or by itself as {@code sid=}. Decides nothing; it only tells which bytes, served by
 * others, an answer led to.
 */
final class SessionHint {
  private static final int MAX_TEXT = 2048;
  private static final int MAX_SESSION = 64;
  private static final Pattern SID = Pattern.compile("(?:^|[,\\s])sid=\"([^\"\\\\]{1,64})\"");

  private SessionHint() {}

  /** The session; null when the player does not say. */
  static @Nullable String of(Request request) {
    return of(request.query(), request.headers());
  }

  /**
   * The same.
   *
   * @param headers by lower-case name
   */
  static @Nullable String of(Map<String, String> query, Map<String, String> headers) {
    String plain = query.getOrDefault("sid", "");
    if (!plain.isEmpty() && plain.length() <= MAX_SESSION) {
      return plain;
    }
    String cmcd = query.getOrDefault("CMCD", headers.getOrDefault("cmcd-session", ""));
    if (cmcd.isEmpty() || cmcd.length() > MAX_TEXT) {
      return null;
    }
    Matcher found = SID.matcher(cmcd);
    return found.find() ? found.group(1) : null;
  }
}
