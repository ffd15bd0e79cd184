package oca.config;

import java.util.Comparator;

/**
 * One thing wrong with a configuration.
 *
 * @param file as it was named to the process, or the name of the variable or option
 * @param line from 1; 0 when the file as a whole is meant
 * @param column from 1; 0 when the file as a whole is meant
 * @param what the problem and its remedy, in a sentence
 * @param excerpt the line's text; empty when the file as a whole is meant
 */
public record ConfigProblem(String file, int line, int column, String what, String excerpt)
    implements Comparable<ConfigProblem> {
  private static final Comparator<ConfigProblem> BY_PLACE =
      Comparator.comparingInt(ConfigProblem::line).thenComparingInt(ConfigProblem::column);

  /** The most characters of a line that are shown on each side of its caret. */
  private static final int AROUND = 60;

  /** By place; problems of several files are to be sorted one file at a time. */
  @Override
  public int compareTo(ConfigProblem other) {
    return BY_PLACE.compare(this, other);
  }

  /** {@code file:line:column: what}, which editors can jump to. */
  @Override
  public String toString() {
    return line == 0 ? file + ": " + what : file + ":" + line + ":" + column + ": " + what;
  }

  /** The same with the line below it, and a caret below the place. */
  public String explained() {
    if (line == 0 || excerpt.isBlank()) {
      return toString();
    }
    int at = Math.min(column - 1, excerpt.length());
    int from = Math.max(0, at - AROUND);
    String shown = excerpt.substring(from, Math.min(excerpt.length(), at + AROUND));
    // Tabs stay tabs, or the caret stands elsewhere.
    String indent = excerpt.substring(from, at).replaceAll("[^\t]", " ");
    return this + "\n    " + shown + "\n    " + indent + "^";
  }
}
