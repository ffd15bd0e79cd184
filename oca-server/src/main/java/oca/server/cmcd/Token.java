package oca.server.cmcd;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One of the words that a key allows, as CTA-5004 writes it. */
interface Token {

  /** As it is sent, such as {@code ll}. */
  String token();

  /** As an operator reads it, such as {@code low-latency}. */
  static String label(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one that stands in {@code text} between two places, or null. */
  static <T extends Token> @Nullable T find(T[] words, String text, int from, int to) {
    for (T word : words) {
      String token = word.token();
      if (token.length() == to - from && text.startsWith(token, from)) {
        return word;
      }
    }
    return null;
  }
}
