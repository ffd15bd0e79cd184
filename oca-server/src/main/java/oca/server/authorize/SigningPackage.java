package oca.server.authorize;

import java.util.Locale;
import oca.model.ContentPath;
import oca.protocol.token.Reason;
import oca.protocol.token.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Where in a request the signed JWT is, and what is left of its URI without it (RFC 9246, section
 * 2.1.15).
 *
 * <p>The attribute {@code URISigningPackage=JWT} is looked for as a path-style parameter, that is a
 * segment of its own or behind a semicolon, and as a query parameter. Two of them are refused: one
 * could be checked here and the other elsewhere. Holds what it has found last: one thread only.
 */
final class SigningPackage {
  private static final String SUB_DELIMS = "!$&'()*+,;=";
  private static final String CMCD = "CMCD=";

  private final String attribute;

  private String carrier = "";
  private int start;
  private int end;
  private String contentPath = "";
  private String query = "";

  SigningPackage(String name) {
    attribute = name + "=";
  }

  /** Looks for the attribute; afterwards the accessors tell what was found. */
  boolean find(String path, @Nullable String givenQuery) throws Refusal {
    int inPath = next(path, 0, "/;");
    int inQuery = givenQuery == null ? -1 : next(givenQuery, 0, "&");
    if (inPath < 0 && inQuery < 0) {
      return false;
    }
    if (inPath >= 0 && inQuery >= 0) {
      throw new Refusal(Reason.MALFORMED);
    }
    if (inPath >= 0) {
      foundInPath(path, inPath);
      query = normalised(without(givenQuery, -1, -1));
    } else if (givenQuery != null) {
      foundInQuery(givenQuery, inQuery);
      contentPath = path;
    }
    return true;
  }

  private void foundInPath(String path, int at) throws Refusal {
    take(path, at, "/;");
    boolean isSubDelim = end < path.length() && SUB_DELIMS.indexOf(path.charAt(end)) >= 0;
    if (isSubDelim) {
      contentPath = path.substring(0, at) + path.substring(end + 1);
    } else if (at == 0) {
      // The character before is the slash that paths come without here.
      contentPath = end < path.length() ? path.substring(end + 1) : "";
    } else {
      contentPath = path.substring(0, at - 1) + path.substring(end);
    }
  }

  private void foundInQuery(String givenQuery, int at) throws Refusal {
    take(givenQuery, at, "&");
    if (end < givenQuery.length() && givenQuery.charAt(end) != '&') {
      throw new Refusal(Reason.MALFORMED);
    }
    query = normalised(without(givenQuery, at, end));
  }

  private void take(String text, int at, String before) throws Refusal {
    carrier = text;
    start = at + attribute.length();
    end = start;
    while (end < text.length()
        && (text.charAt(end) == '.' || Base64Url.digit(text.charAt(end)) >= 0)) {
      end++;
    }
    if (next(text, end, before) >= 0) {
      throw new Refusal(Reason.MALFORMED);
    }
  }

  /** The text that the token stands in. */
  String carrier() {
    return carrier;
  }

  /** The token's first character in {@link #carrier}. */
  int start() {
    return start;
  }

  /** The first character behind the token. */
  int end() {
    return end;
  }

  /** The path without the token, without leading slash; one that {@link ContentPath} allows. */
  String contentPath() throws Refusal {
    if (ContentPath.fault(contentPath) != null) {
      throw new Refusal(Reason.WRONG_PATH);
    }
    return contentPath;
  }

  /**
   * The query without the token, normalised, with a question mark in front; or nothing. Without
   * CMCD too, which players add to each request, and which no signer can know (CTA-5004).
   */
  String query() {
    return query;
  }

  /** Where the attribute begins, at the text's begin or behind one of some characters, or -1. */
  private int next(String text, int from, String before) {
    int at = text.indexOf(attribute, from);
    while (at > 0 && before.indexOf(text.charAt(at - 1)) < 0) {
      at = text.indexOf(attribute, at + 1);
    }
    return at;
  }

  private static String without(@Nullable String query, int from, int to) {
    if (query == null || (from == 0 && to == query.length())) {
      return "";
    }
    StringBuilder left = new StringBuilder(query.length());
    for (int start = 0; start <= query.length(); ) {
      int next = query.indexOf('&', start);
      int stop = next < 0 ? query.length() : next;
      if (start != from && !query.startsWith(CMCD, start)) {
        left.append(left.isEmpty() ? '?' : '&').append(query, start, stop);
      }
      start = stop + 1;
    }
    // A lone question mark is a query too, but an empty one that no signer means.
    return left.length() == 1 ? "" : left.toString();
  }

  /**
   * RFC 3986, section 6.2.2: percent-encodings in upper case, those of unreserved characters gone.
   */
  private static String normalised(String query) {
    if (query.indexOf('%') < 0) {
      return query;
    }
    StringBuilder text = new StringBuilder(query.length());
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      int value = c == '%' ? octet(query, i + 1) : -1;
      if (value < 0) {
        text.append(c);
        continue;
      }
      if (value == '.' || value == '~' || (value < 0x80 && Base64Url.digit((char) value) >= 0)) {
        text.append((char) value);
      } else {
        text.append(query.substring(i, i + 3).toUpperCase(Locale.ROOT));
      }
      i += 2;
    }
    return text.toString();
  }

  private static int octet(String text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
