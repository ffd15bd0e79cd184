package oca.steering.qoe;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One CMCD report of version 2 (CTA-5004-A), as far as it is used: a list of {@code key=value} with
 * commas between them, a dictionary of structured fields (RFC 9651).
 *
 * <p>Where: the host of {@code url} (which a response came from), {@code h} (a host), {@code cdn}
 * (taken for a pathway's id). How it went: bad when there is an error ({@code ec}, or the event
 * {@code e}), the buffer ran empty ({@code bs}, or the state {@code r}), playing failed ({@code
 * sta=f}), or a response came with a status of 500 or more, or with none ({@code rc}). All else is
 * good. Keys that are not used may have any value, as long as the whole is well formed.
 *
 * @param host lower-case, without a port; empty when the report names none
 * @param pathway empty when the report names none
 */
record CmcdReport(String host, String pathway, boolean isBad) {
  static final int MAX_LENGTH = 4096;

  private static final int MAX_KEYS = 64;
  private static final int MAX_NAME = 253;
  private static final int SERVER_ERROR = 500;
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._*-]{1,64}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");

  /** Reads one; empty when it is not well formed, is too long, or says nothing of a place. */
  static Optional<CmcdReport> read(String line) {
    return line.length() > MAX_LENGTH ? Optional.empty() : pairs(line).flatMap(CmcdReport::of);
  }

  /** From keys and values, as text without quotes; a key without a value has {@code ?1}. */
  static Optional<CmcdReport> of(Map<String, String> pairs) {
    String host = host(pairs.getOrDefault("url", ""));
    if (host.isEmpty()) {
      host = hostName(pairs.getOrDefault("h", ""));
    }
    String cdn = pairs.getOrDefault("cdn", "");
    String pathway = KEY.matcher(cdn).matches() ? cdn : "";
    return host.isEmpty() && pathway.isEmpty()
        ? Optional.empty()
        : Optional.of(new CmcdReport(host, pathway, isBad(pairs)));
  }

  private static boolean isBad(Map<String, String> pairs) {
    String state = pairs.getOrDefault("sta", "");
    return pairs.containsKey("ec")
        || pairs.getOrDefault("e", "").equals("e")
        || isTrue(pairs.getOrDefault("bs", "?0"))
        || state.equals("r")
        || state.equals("f")
        || isFailure(pairs.getOrDefault("rc", "200"));
  }

  private static boolean isTrue(String value) {
    return value.equals("?1") || value.equals("true");
  }

  private static boolean isFailure(String status) {
    return status.matches("\\d{1,3}")
        && (Integer.parseInt(status) >= SERVER_ERROR || Integer.parseInt(status) == 0);
  }

  private static String host(String url) {
    if (url.isEmpty()) {
      return "";
    }
    try {
      String host = URI.create(url).getHost();
      return host == null ? "" : hostName(host);
    } catch (IllegalArgumentException e) {
      // Not a URI: it names no place.
      return "";
    }
  }

  private static String hostName(String text) {
    String host = text;
    int bracket = text.indexOf(']');
    if (text.startsWith("[") && bracket > 0) {
      host = text.substring(1, bracket);
    } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
      host = text.substring(0, text.indexOf(':'));
    }
    return host.length() <= MAX_NAME && HOST.matcher(host).matches()
        ? host.toLowerCase(Locale.ROOT)
        : "";
  }

  /** Splits at commas outside of strings and lists; empty when the line is not well formed. */
  private static Optional<Map<String, String>> pairs(String line) {
    Map<String, String> pairs = new HashMap<>();
    int start = 0;
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i <= line.length(); i++) {
      char c = i < line.length() ? line.charAt(i) : ',';
      if (quoted && i == line.length()) {
        return Optional.empty();
      }
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      }
      if (depth < 0 || depth > 1 || (i >= line.length() && depth != 0)) {
        return Optional.empty();
      }
      if (c == ',' && !quoted && depth == 0) {
        if (pairs.size() == MAX_KEYS
            || !put(pairs, line.substring(start, Math.min(i, line.length())).strip())) {
          return Optional.empty();
        }
        start = i + 1;
      }
    }
    return quoted ? Optional.empty() : Optional.of(pairs);
  }

  private static boolean put(Map<String, String> pairs, String pair) {
    int equals = pair.indexOf('=');
    String key = equals < 0 ? pair : pair.substring(0, equals);
    if (!KEY.matcher(key).matches()) {
      return false;
    }
    pairs.put(key, equals < 0 ? "?1" : plain(pair.substring(equals + 1)));
    return true;
  }

  /** The value, or the first of a list, without quotes and parameters. */
  private static String plain(String value) {
    String text = value;
    if (text.startsWith("(") && text.endsWith(")")) {
      text = text.substring(1, text.length() - 1).strip();
    }
    if (!text.startsWith("\"")) {
      int end = 0;
      while (end < text.length() && text.charAt(end) != ' ' && text.charAt(end) != ';') {
        end++;
      }
      return text.substring(0, end);
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 1; i < text.length() && text.charAt(i) != '"'; i++) {
      i += text.charAt(i) == '\\' && i + 1 < text.length() ? 1 : 0;
      plain.append(text.charAt(i));
    }
    return plain.toString();
  }
}
