package oca.server.caching;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tokens, lists and quoted strings of header fields (RFC 9110, section 5.6). */
final class Grammar {
  private Grammar() {}

  static boolean isTokenChar(int c) {
    return isLetter(c) || isDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  static boolean isToken(String text) {
    return !text.isEmpty() && tokenEnd(text) == text.length();
  }

  /** How many characters at the beginning are those of a token. */
  static int tokenEnd(String text) {
    int end = 0;
    while (end < text.length() && isTokenChar(text.charAt(end))) {
      end++;
    }
    return end;
  }

  static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(Grammar::isDigit);
  }

  /** Without blanks and tabs around; {@link String#strip} would take more than HTTP's blanks. */
  static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** Letters of ASCII in lower case, all else as it is. */
  static String lower(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        return lowered(text, i);
      }
    }
    return text;
  }

  private static String lowered(String text, int from) {
    char[] chars = text.toCharArray();
    for (int i = from; i < chars.length; i++) {
      if (chars[i] >= 'A' && chars[i] <= 'Z') {
        chars[i] = (char) (chars[i] | 0x20);
      }
    }
    return new String(chars);
  }

  /** Whether a quoted string begins in the text and does not end. */
  static boolean isCutOff(String text) {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      }
    }
    return quoted;
  }

  /**
   * The members of a list, without the blanks around them and without empty ones (section 5.6.1.2).
   * A comma in a quoted string divides nothing, unless that string never ends: then all commas do,
   * so that one stray quote cannot hide what stands behind it.
   */
  static List<String> members(String list) {
    boolean heedsQuotes = !isCutOff(list);
    List<String> members = new ArrayList<>(4);
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i <= list.length(); i++) {
      char c = i < list.length() ? list.charAt(i) : ',';
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"' && heedsQuotes) {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        String member = trim(list.substring(start, i));
        if (!member.isEmpty()) {
          members.add(member);
        }
        start = i + 1;
      }
    }
    return members;
  }

  /** What a quoted string says, or null when the text is not one from its first to its last. */
  static @Nullable String unquoted(String text) {
    int last = text.length() - 1;
    if (last < 1 || text.charAt(0) != '"' || text.charAt(last) != '"') {
      return null;
    }
    StringBuilder out = new StringBuilder(last);
    for (int i = 1; i < last; i++) {
      char c = text.charAt(i);
      if (c == '"' || (c == '\\' && i + 1 == last)) {
        return null;
      }
      out.append(c == '\\' ? text.charAt(++i) : c);
    }
    return out.toString();
  }
}
