package oca.config;

import java.util.Comparator;
import java.util.List;

/** Finds the word that a mistyped one was probably meant to be. */
final class NearestWord {
  private NearestWord() {}

  /**
   * The one of {@code words} (not empty) with the fewest edits from {@code typed}; those that begin
   * with it go before.
   */
  static String to(String typed, List<String> words) {
    return words.stream()
        .min(
            Comparator.comparing((String word) -> !begins(word, typed))
                .thenComparingInt(word -> edits(typed, word))
                .thenComparing(word -> word))
        .orElseThrow();
  }

  /** What to say of a word that is none of {@code words}: what it may have been, or all of them. */
  static String hint(String typed, List<String> words) {
    if (words.isEmpty()) {
      return "; there are no keys here";
    }
    String nearest = to(typed, words);
    return begins(nearest, typed) || edits(typed, nearest) <= Math.max(2, typed.length() / 2)
        ? "; did you mean \"" + nearest + "\"?"
        : "; the keys here are " + String.join(", ", words);
  }

  private static boolean begins(String word, String typed) {
    return typed.length() > 1 && word.regionMatches(true, 0, typed, 0, typed.length());
  }

  /** Levenshtein distance, ignoring case. */
  private static int edits(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same =
            Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
        current[j] =
            Math.min(previous[j - 1] + (same ? 0 : 1), Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
