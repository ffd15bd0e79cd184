package oca.config;

import java.util.List;

/** A configuration that cannot be used. The message lists every problem, one a line. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<ConfigProblem> problems;

  ConfigException(List<ConfigProblem> problems) {
    super(String.join("\n", problems.stream().map(ConfigProblem::toString).toList()));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, file by file, in the order of each file. Never empty. */
  public List<ConfigProblem> problems() {
    return problems;
  }

  /** Every problem with its line and a caret, for a terminal. */
  public String explained() {
    return String.join("\n", problems.stream().map(ConfigProblem::explained).toList());
  }
}
