package oca.server.authorize;

import java.util.ArrayList;
import java.util.List;
import oca.protocol.token.Reason;
import oca.protocol.token.Refusal;

/**
 * Parses a POSIX extended regular expression (POSIX.1-2017, base definitions, section 9.4) in the
 * POSIX locale, over ASCII, which is all that a URI has.
 *
 * <p>All of it, but for collating symbols and equivalence classes. What POSIX leaves undefined is
 * refused, except a backslash before a character that is neither letter nor digit, which the RFC's
 * own examples use: it stands for that character.
 */
final class PatternSyntax {
  private static final int MAX_LENGTH = 1024;
  private static final int MAX_NESTING = 32;
  private static final int MAX_REPEAT = 255;
  private static final int UNBOUNDED = -1;

  /** A part of an expression. */
  sealed interface Node {
    /** One of 128 characters, a bit each. */
    record Chars(long low, long high) implements Node {
      boolean has(int c) {
        return ((c < 64 ? low : high) >>> (c & 63) & 1) != 0;
      }

      Chars with(int c) {
        return c < 64 ? new Chars(low | 1L << c, high) : new Chars(low, high | 1L << (c & 63));
      }

      Chars not() {
        // Without NUL, which nothing matches.
        return new Chars(~low & ~1L, ~high);
      }
    }

    /** One after the other. */
    record All(List<Node> parts) implements Node {}

    /** One of them. */
    record Any(List<Node> choices) implements Node {}

    /** Again and again; {@code most} is -1 for without end. */
    record Repeat(Node node, int least, int most) implements Node {}

    /** The text's begin. */
    record Begin() implements Node {}

    /** The text's end. */
    record End() implements Node {}
  }

  private static final Node.Chars NONE = new Node.Chars(0, 0);

  private final String text;
  private int at;
  private int nesting;

  private PatternSyntax(String text) {
    this.text = text;
  }

  static Node parse(String text) throws Refusal {
    if (text.length() > MAX_LENGTH) {
      throw unsupported();
    }
    PatternSyntax syntax = new PatternSyntax(text);
    Node node = syntax.choices();
    if (syntax.at < text.length()) {
      throw unsupported();
    }
    return node;
  }

  private Node choices() throws Refusal {
    List<Node> choices = new ArrayList<>();
    choices.add(sequence());
    while (is('|')) {
      at++;
      choices.add(sequence());
    }
    return choices.size() == 1 ? choices.getFirst() : new Node.Any(choices);
  }

  private Node sequence() throws Refusal {
    List<Node> parts = new ArrayList<>();
    while (at < text.length() && !is('|') && !is(')')) {
      parts.add(repeated(one()));
    }
    if (parts.isEmpty()) {
      throw unsupported();
    }
    return parts.size() == 1 ? parts.getFirst() : new Node.All(parts);
  }

  private Node repeated(Node node) throws Refusal {
    if (at == text.length() || "*+?{".indexOf(text.charAt(at)) < 0) {
      return node;
    }
    if (node instanceof Node.Begin || node instanceof Node.End) {
      throw unsupported();
    }
    Node repeat =
        switch (text.charAt(at++)) {
          case '*' -> new Node.Repeat(node, 0, UNBOUNDED);
          case '+' -> new Node.Repeat(node, 1, UNBOUNDED);
          case '?' -> new Node.Repeat(node, 0, 1);
          default -> interval(node);
        };
    if (at < text.length() && "*+?{".indexOf(text.charAt(at)) >= 0) {
      throw unsupported();
    }
    return repeat;
  }

  private Node interval(Node node) throws Refusal {
    int least = number();
    int most = least;
    if (is(',')) {
      at++;
      most = is('}') ? UNBOUNDED : number();
    }
    if (!is('}') || (most != UNBOUNDED && most < least)) {
      throw unsupported();
    }
    at++;
    return new Node.Repeat(node, least, most);
  }

  private int number() throws Refusal {
    int value = -1;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      value = Math.max(value, 0) * 10 + (text.charAt(at++) - '0');
      if (value > MAX_REPEAT) {
        throw unsupported();
      }
    }
    if (value < 0) {
      throw unsupported();
    }
    return value;
  }

  private Node one() throws Refusal {
    char c = text.charAt(at++);
    return switch (c) {
      case '.' -> NONE.not();
      case '^' -> new Node.Begin();
      case '$' -> new Node.End();
      case '[' -> bracket();
      case '(' -> group();
      case '\\' -> literal(escaped());
      case '*', '+', '?', '{' -> throw unsupported();
      default -> literal(c);
    };
  }

  private Node group() throws Refusal {
    if (++nesting > MAX_NESTING) {
      throw unsupported();
    }
    Node inner = choices();
    if (!is(')')) {
      throw unsupported();
    }
    at++;
    nesting--;
    return inner;
  }

  private char escaped() throws Refusal {
    if (at == text.length() || Character.isLetterOrDigit(text.charAt(at))) {
      throw unsupported();
    }
    return text.charAt(at++);
  }

  private static Node.Chars literal(char c) throws Refusal {
    if (c == 0 || c > 127) {
      throw unsupported();
    }
    return NONE.with(c);
  }

  private Node bracket() throws Refusal {
    boolean isNegated = is('^');
    at += isNegated ? 1 : 0;
    Node.Chars chars = NONE;
    for (int first = at; at == first || !is(']'); ) {
      char low = next();
      if (low == '[' && at < text.length() && ".=:".indexOf(text.charAt(at)) >= 0) {
        chars = named(chars);
        continue;
      }
      char high = low;
      if (is('-') && at + 1 < text.length() && text.charAt(at + 1) != ']') {
        at++;
        high = next();
      }
      if (high < low || literal(low).equals(NONE) || literal(high).equals(NONE)) {
        throw unsupported();
      }
      for (char c = low; c <= high; c++) {
        chars = chars.with(c);
      }
    }
    at++;
    return isNegated ? chars.not() : chars;
  }

  private Node.Chars named(Node.Chars chars) throws Refusal {
    int end = text.indexOf(":]", at + 1);
    if (!is(':') || end < 0) {
      throw unsupported();
    }
    String name = text.substring(at + 1, end);
    at = end + 2;
    Node.Chars all = chars;
    for (int c = 1; c < 128; c++) {
      all = isOf(name, c) ? all.with(c) : all;
    }
    return all;
  }

  /** The character classes of the POSIX locale (section 7.3.1). */
  private static boolean isOf(String name, int c) throws Refusal {
    boolean lower = c >= 'a' && c <= 'z';
    boolean upper = c >= 'A' && c <= 'Z';
    boolean digit = c >= '0' && c <= '9';
    boolean graph = c > ' ' && c < 127;
    return switch (name) {
      case "alpha" -> lower || upper;
      case "digit" -> digit;
      case "alnum" -> lower || upper || digit;
      case "lower" -> lower;
      case "upper" -> upper;
      case "xdigit" -> digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      case "punct" -> graph && !lower && !upper && !digit;
      case "graph" -> graph;
      case "print" -> graph || c == ' ';
      case "space" -> c == ' ' || (c >= '\t' && c <= '\r');
      case "blank" -> c == ' ' || c == '\t';
      case "cntrl" -> c < ' ' || c == 127;
      default -> throw unsupported();
    };
  }

  private char next() throws Refusal {
    if (at == text.length()) {
      throw unsupported();
    }
    return text.charAt(at++);
  }

  private boolean is(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private static Refusal unsupported() {
    return new Refusal(Reason.CLAIM_UNSUPPORTED);
  }
}
