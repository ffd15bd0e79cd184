package oca.server.caching;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads dictionaries of structured fields (RFC 8941, section 4.2.2) as strictly as the RFC wants:
 * one fault, and there is no dictionary. Parameters are checked and forgotten. Dates and display
 * strings (RFC 9651) are faults, since targeted fields are defined by RFC 8941.
 */
final class DictionaryParser {
  private static final int MAX_WHOLE_DIGITS = 15;
  private static final int MAX_DECIMAL_DIGITS = 12;
  private static final int MAX_FRACTION_DIGITS = 3;

  /** What a key has. */
  sealed interface Value {
    /** A boolean, which is also a key without a value. */
    record Flag(boolean set) implements Value {}

    /** An integer. */
    record Whole(long number) implements Value {}

    /** A string. */
    record Text(String text) implements Value {}

    /** A decimal, a token, bytes or a list. */
    record Other() implements Value {}
  }

  private static final Value OTHER = new Value.Other();

  private final String text;
  private int at;

  private DictionaryParser(String text) {
    this.text = text;
  }

  /** The dictionary, of which the last of equal keys counts; null when it is none. */
  static @Nullable Map<String, Value> parse(String text) {
    DictionaryParser parser = new DictionaryParser(text);
    return parser.dictionary();
  }

  private @Nullable Map<String, Value> dictionary() {
    Map<String, Value> members = new LinkedHashMap<>();
    skip(" ");
    while (at < text.length()) {
      String key = key();
      Value value = key == null ? null : member();
      if (key == null || value == null) {
        return null;
      }
      members.put(key, value);
      skip(" \t");
      if (at == text.length()) {
        return members;
      }
      if (!take(',')) {
        return null;
      }
      skip(" \t");
      if (at == text.length()) {
        return null;
      }
    }
    return members;
  }

  private @Nullable Value member() {
    if (!take('=')) {
      return parameters() ? new Value.Flag(true) : null;
    }
    Value value = peek() == '(' ? innerList() : bare();
    return value != null && parameters() ? value : null;
  }

  private @Nullable Value innerList() {
    at++;
    while (at < text.length()) {
      skip(" ");
      if (take(')')) {
        return OTHER;
      }
      if (bare() == null || !parameters() || (peek() != ' ' && peek() != ')')) {
        return null;
      }
    }
    return null;
  }

  private boolean parameters() {
    while (take(';')) {
      skip(" ");
      if (key() == null || (take('=') && bare() == null)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String key() {
    int from = at;
    int first = peek();
    if (!isLower(first) && first != '*') {
      return null;
    }
    while (isLower(peek()) || Grammar.isDigit(peek()) || isAmong("_-.*")) {
      at++;
    }
    return text.substring(from, at);
  }

  private @Nullable Value bare() {
    int first = peek();
    if (first == '-' || Grammar.isDigit(first)) {
      return number();
    }
    if (first == '"') {
      return string();
    }
    if (first == '?') {
      at++;
      boolean set = peek() == '1';
      return take(set ? '1' : '0') ? new Value.Flag(set) : null;
    }
    if (first == ':') {
      return bytes();
    }
    return first == '*' || Grammar.isLetter(first) ? token() : null;
  }

  private @Nullable Value number() {
    boolean negative = take('-');
    int from = at;
    digits();
    int whole = at - from;
    if (whole == 0 || whole > MAX_WHOLE_DIGITS) {
      return null;
    }
    if (!take('.')) {
      long number = Long.parseLong(text.substring(from, at));
      return new Value.Whole(negative ? -number : number);
    }
    int point = at;
    digits();
    int fraction = at - point;
    boolean fits = whole <= MAX_DECIMAL_DIGITS && fraction > 0 && fraction <= MAX_FRACTION_DIGITS;
    return fits ? OTHER : null;
  }

  private @Nullable Value string() {
    StringBuilder out = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return new Value.Text(out.toString());
      }
      if (c == '\\') {
        c = (char) peek();
        at++;
        if (c != '"' && c != '\\') {
          return null;
        }
      }
      if (c < ' ' || c > '~') {
        return null;
      }
      out.append(c);
    }
    return null;
  }

  private @Nullable Value bytes() {
    at++;
    while (Grammar.isLetter(peek()) || Grammar.isDigit(peek()) || isAmong("+/=")) {
      at++;
    }
    return take(':') ? OTHER : null;
  }

  private Value token() {
    while (Grammar.isTokenChar(peek()) || isAmong(":/")) {
      at++;
    }
    return OTHER;
  }

  private void digits() {
    while (Grammar.isDigit(peek())) {
      at++;
    }
  }

  private boolean isAmong(String chars) {
    return at < text.length() && chars.indexOf(text.charAt(at)) >= 0;
  }

  private static boolean isLower(int c) {
    return c >= 'a' && c <= 'z';
  }

  private void skip(String chars) {
    while (isAmong(chars)) {
      at++;
    }
  }

  private boolean take(char c) {
    boolean is = peek() == c;
    at += is ? 1 : 0;
    return is;
  }

  /** The next character, or -1 at the end. */
  private int peek() {
    return at < text.length() ? text.charAt(at) : -1;
  }
}
