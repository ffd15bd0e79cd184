package oca.server.authorize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oca.protocol.token.Reason;
import oca.protocol.token.Refusal;
import oca.server.authorize.PatternSyntax.Node;

/**
 * A pattern as a nondeterministic automaton: Thompson's construction (Regular expression search
 * algorithm, CACM 11/6, 1968).
 *
 * <p>Not {@code java.util.regex}: it backtracks, so that a pattern and a path of some dozen
 * characters can hold an event loop for minutes. Here all states move at once, one step a
 * character. Patterns that need too many states are refused.
 */
final class UriPattern {
  /** The most states of a pattern. */
  static final int MAX_STATES = 512;

  private static final int MAX_STEPS = 8192;
  private static final int ACCEPT = 0;

  private enum Kind {
    ACCEPT,
    CHARS,
    SPLIT,
    BEGIN,
    END
  }

  private final List<Kind> kinds = new ArrayList<>();
  private final List<Node.Chars> chars = new ArrayList<>();
  private int[] next = new int[MAX_STATES];
  private int[] other = new int[MAX_STATES];
  private final int start;
  private int steps;

  private final byte[] classes = new byte[128];
  private int classCount;

  private UriPattern(Node root) throws Refusal {
    add(Kind.ACCEPT, new Node.Chars(0, 0), ACCEPT, ACCEPT);
    start = emit(root, ACCEPT);
    next = Arrays.copyOf(next, kinds.size());
    other = Arrays.copyOf(other, kinds.size());
    classify();
  }

  /**
   * The pattern of a POSIX extended regular expression.
   *
   * @throws Refusal when it is none, or beyond what {@link PatternSyntax} takes, or too large
   */
  static UriPattern compile(String expression) throws Refusal {
    return new UriPattern(PatternSyntax.parse(expression));
  }

  int states() {
    return kinds.size();
  }

  int classCount() {
    return classCount;
  }

  /** Which characters no part of the pattern tells apart; -1 for those beyond ASCII. */
  int classOf(char c) {
    return c < 128 ? classes[c] : -1;
  }

  /** The states before the first character; a bit each. */
  long[] begin() {
    long[] into = new long[(states() + 63) / 64];
    follow(start, into, true, false);
    return into;
  }

  /** The states after one more character of a class. */
  long[] step(long[] from, int charClass) {
    char c = 0;
    while (classes[c] != charClass) {
      c++;
    }
    long[] into = new long[from.length];
    for (int state = 0; state < states(); state++) {
      if (has(from, state) && kinds.get(state) == Kind.CHARS && chars.get(state).has(c)) {
        follow(next[state], into, false, false);
      }
    }
    return into;
  }

  /** Whether the text may end in these states. */
  boolean accepts(long[] from) {
    long[] into = new long[from.length];
    for (int state = 0; state < states(); state++) {
      if (has(from, state)) {
        follow(state, into, false, true);
      }
    }
    return has(into, ACCEPT);
  }

  private static boolean has(long[] set, int state) {
    return (set[state >>> 6] >>> state & 1) != 0;
  }

  /** Adds a state and all that it leads to without a character. */
  private void follow(int first, long[] into, boolean atBegin, boolean atEnd) {
    int[] stack = new int[states() + 1];
    int top = 0;
    stack[top++] = first;
    while (top > 0) {
      int state = stack[--top];
      if (has(into, state)) {
        continue;
      }
      into[state >>> 6] |= 1L << state;
      switch (kinds.get(state)) {
        case SPLIT -> {
          top = push(stack, top, next[state], into);
          top = push(stack, top, other[state], into);
        }
        case BEGIN -> top = atBegin ? push(stack, top, next[state], into) : top;
        case END -> top = atEnd ? push(stack, top, next[state], into) : top;
        case ACCEPT, CHARS -> {}
      }
    }
  }

  private static int push(int[] stack, int top, int state, long[] into) {
    if (has(into, state) || top == stack.length) {
      return top;
    }
    stack[top] = state;
    return top + 1;
  }

  /** Builds from the end to the begin: the states that match the node and go on at another. */
  private int emit(Node node, int then) throws Refusal {
    if (++steps > MAX_STEPS) {
      throw new Refusal(Reason.CLAIM_UNSUPPORTED);
    }
    return switch (node) {
      case Node.Chars set -> add(Kind.CHARS, set, then, then);
      case Node.Begin() -> add(Kind.BEGIN, new Node.Chars(0, 0), then, then);
      case Node.End() -> add(Kind.END, new Node.Chars(0, 0), then, then);
      case Node.All(List<Node> parts) -> {
        int first = then;
        for (Node part : parts.reversed()) {
          first = emit(part, first);
        }
        yield first;
      }
      case Node.Any(List<Node> choices) -> {
        int first = emit(choices.getLast(), then);
        for (Node choice : choices.reversed().subList(1, choices.size())) {
          first = split(emit(choice, then), first);
        }
        yield first;
      }
      case Node.Repeat repeat -> emitRepeat(repeat, then);
    };
  }

  private int emitRepeat(Node.Repeat repeat, int then) throws Refusal {
    int first = then;
    if (repeat.most() < 0) {
      first = split(then, then);
      next[first] = emit(repeat.node(), first);
    } else {
      for (int i = repeat.least(); i < repeat.most(); i++) {
        first = split(emit(repeat.node(), first), then);
      }
    }
    for (int i = 0; i < repeat.least(); i++) {
      first = emit(repeat.node(), first);
    }
    return first;
  }

  private int split(int one, int another) throws Refusal {
    return add(Kind.SPLIT, new Node.Chars(0, 0), one, another);
  }

  private int add(Kind kind, Node.Chars set, int one, int another) throws Refusal {
    int state = kinds.size();
    if (state == MAX_STATES) {
      throw new Refusal(Reason.CLAIM_UNSUPPORTED);
    }
    kinds.add(kind);
    chars.add(set);
    next[state] = one;
    other[state] = another;
    return state;
  }

  private void classify() {
    List<Node.Chars> sets = chars.stream().distinct().toList();
    Map<List<Boolean>, Integer> known = new HashMap<>();
    for (char c = 0; c < 128; c++) {
      char now = c;
      List<Boolean> membership = sets.stream().map(it -> it.has(now)).toList();
      Integer charClass = known.putIfAbsent(membership, known.size());
      classes[c] = (byte) (charClass == null ? known.size() - 1 : charClass);
    }
    classCount = known.size();
  }
}
