package oca.config;

/**
 * One thing wrong with a configuration file.
 *
 * @param file as it was named to the process
 * @param line from 1; 0 when the file as a whole is meant
 * @param column from 1; 0 when the file as a whole is meant
 * @param what the problem and its remedy, in a sentence
 */
public record ConfigProblem(String file, int line, int column, String what)
    implements Comparable<ConfigProblem> {

  @Override
  public int compareTo(ConfigProblem other) {
    return line != other.line
        ? Integer.compare(line, other.line)
        : Integer.compare(column, other.column);
  }

  /** {@code file:line:column: what}, which editors can jump to. */
  @Override
  public String toString() {
    return line == 0 ? file + ": " + what : file + ":" + line + ":" + column + ": " + what;
  }
}
