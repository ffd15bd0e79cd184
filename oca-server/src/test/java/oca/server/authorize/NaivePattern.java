package oca.server.authorize;

import java.util.BitSet;
import oca.server.authorize.PatternSyntax.Node;

/**
 * Matches by going through the tree of a pattern with the set of all places at which it may stand:
 * no automaton, and so no fault of one.
 */
final class NaivePattern {
  private final Node root;

  NaivePattern(Node root) {
    this.root = root;
  }

  boolean matches(String text) {
    BitSet begin = new BitSet();
    begin.set(0);
    return after(root, text, begin).get(text.length());
  }

  /** Where it may stand behind the node, when it may stand at {@code from} before it. */
  private static BitSet after(Node node, String text, BitSet from) {
    if (from.isEmpty()) {
      return from;
    }
    BitSet to = new BitSet();
    switch (node) {
      case Node.Chars chars ->
          from.stream()
              .filter(at -> at < text.length() && text.charAt(at) < 128)
              .filter(at -> chars.has(text.charAt(at)))
              .forEach(at -> to.set(at + 1));
      case Node.Begin() -> to.set(0, from.get(0));
      case Node.End() -> to.set(text.length(), from.get(text.length()));
      case Node.All(var parts) -> {
        BitSet now = from;
        for (Node part : parts) {
          now = after(part, text, now);
        }
        to.or(now);
      }
      case Node.Any(var choices) -> choices.forEach(it -> to.or(after(it, text, from)));
      case Node.Repeat(Node inner, int least, int most) ->
          to.or(repeated(inner, least, most, text, from));
    }
    return to;
  }

  private static BitSet repeated(Node inner, int least, int most, String text, BitSet from) {
    BitSet now = from;
    for (int i = 0; i < least; i++) {
      now = after(inner, text, now);
    }
    BitSet all = (BitSet) now.clone();
    for (int i = least; most < 0 || i < most; i++) {
      now = after(inner, text, now);
      int before = all.cardinality();
      all.or(now);
      if (all.cardinality() == before) {
        break;
      }
    }
    return all;
  }
}
