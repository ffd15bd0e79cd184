package oca.operate;

import java.io.PrintWriter;
import oca.protocol.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** For whom a command answers. */
public final class OutputOptions {
  /** Whom. */
  public enum Form {
    /** People. */
    TABLE,
    /** Programs. */
    JSON
  }

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "table for people (the default), json for programs")
  private Form form = Form.TABLE;

  @Option(names = "--json", description = "the same as -o json")
  private boolean json;

  /** Whether a program reads the answer. */
  public boolean isJson() {
    return json || form == Form.JSON;
  }

  /** Where the answer goes. */
  public PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Where notes go that are no part of the answer. */
  public PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** How it is to look. */
  public Style style() {
    return isJson() ? Style.PLAIN : Style.of(System.getenv());
  }

  Page page() {
    return new Page(out(), style());
  }

  /** Prints it as JSON. */
  public void print(Json answer) {
    out().print(answer.pretty());
    out().flush();
  }
}
