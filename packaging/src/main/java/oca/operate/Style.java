package oca.operate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * How text is shown: in colours or not, and how wide.
 *
 * @param isTerminal whether a person reads along
 * @param hasColour whether colours are wanted: on a terminal, unless NO_COLOR is set (no-color.org)
 *     or TERM is dumb
 * @param width in characters
 */
public record Style(boolean isTerminal, boolean hasColour, int width) {
  static final int WIDTH = 80;
  static final Style PLAIN = new Style(false, false, WIDTH);

  /** That of standard output. */
  public static Style of(Map<String, String> environment) {
    boolean isTerminal = isTerminal(Path.of("/proc/self/fd/1"));
    boolean isDumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
    boolean isUnwanted = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Style(
        isTerminal,
        isTerminal && !isDumb && !isUnwanted,
        columns(environment.getOrDefault("COLUMNS", "")));
  }

  private static int columns(String text) {
    return text.matches("[1-9]\\d{1,3}") ? Math.max(WIDTH, Integer.parseInt(text)) : WIDTH;
  }

  private static boolean isTerminal(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      // No such thing outside Linux: nobody is harmed by plain text.
      return false;
    }
  }

  String bold(String text) {
    return painted("1", text);
  }

  /** In the colour of that level. */
  String of(Finding.Level level, String text) {
    return switch (level) {
      case OK -> painted("32", text);
      case WARN -> painted("33", text);
      case FAIL -> painted("31", text);
    };
  }

  private String painted(String code, String text) {
    return hasColour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
