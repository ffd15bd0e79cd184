package oca.server.authorize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a pattern as a deterministic automaton that is made on the way (Aho, Sethi and Ullman,
 * Compilers, section 3.7): a step that was taken before costs an array access. When there are too
 * many states, all are forgotten and it goes on from the present one; so its memory is bounded, and
 * its time is linear in the text, whatever the pattern. One thread only.
 */
final class PatternMatcher {
  /** The most states kept. */
  static final int MAX_KEPT = 128;

  private static final byte UNKNOWN = -1;

  private final UriPattern pattern;
  private final Map<States, Short> ids = new HashMap<>();
  private final List<States> kept = new ArrayList<>();
  private final short[][] steps = new short[MAX_KEPT][];
  private final byte[] accepting = new byte[MAX_KEPT];
  private int start = UNKNOWN;
  private int forgotten;

  /** A set of states as a key of a map. */
  private record States(long[] bits) {
    @Override
    public boolean equals(Object other) {
      return other instanceof States(long[] theirs) && Arrays.equals(bits, theirs);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bits);
    }

    boolean isEmpty() {
      for (long word : bits) {
        if (word != 0) {
          return false;
        }
      }
      return true;
    }
  }

  PatternMatcher(UriPattern pattern) {
    this.pattern = pattern;
  }

  /** Whether the three together match, from begin to end. */
  boolean matches(String first, String second, String third) {
    if (start == UNKNOWN) {
      start = id(new States(pattern.begin()));
    }
    int state = start;
    state = run(state, first);
    state = run(state, second);
    state = run(state, third);
    return state >= 0 && accepts(state);
  }

  private boolean accepts(int state) {
    if (accepting[state] == UNKNOWN) {
      accepting[state] = (byte) (pattern.accepts(kept.get(state).bits()) ? 1 : 0);
    }
    return accepting[state] == 1;
  }

  int kept() {
    return kept.size();
  }

  int forgotten() {
    return forgotten;
  }

  private int run(int from, String text) {
    int state = from;
    for (int i = 0; i < text.length() && state >= 0; i++) {
      int charClass = pattern.classOf(text.charAt(i));
      if (charClass < 0) {
        return -1;
      }
      short known = steps[state][charClass];
      state = known == UNKNOWN ? discover(state, charClass) : known;
      if (kept.get(state).isEmpty()) {
        return -1;
      }
    }
    return state;
  }

  private int discover(int from, int charClass) {
    States to = new States(pattern.step(kept.get(from).bits(), charClass));
    int before = forgotten;
    int id = id(to);
    if (before == forgotten) {
      steps[from][charClass] = (short) id;
    }
    return id;
  }

  private int id(States states) {
    Short known = ids.get(states);
    if (known != null) {
      return known;
    }
    if (kept.size() == MAX_KEPT) {
      ids.clear();
      kept.clear();
      start = UNKNOWN;
      forgotten++;
    }
    short id = (short) kept.size();
    kept.add(states);
    ids.put(states, id);
    accepting[id] = UNKNOWN;
    steps[id] = new short[pattern.classCount()];
    Arrays.fill(steps[id], UNKNOWN);
    return id;
  }
}
