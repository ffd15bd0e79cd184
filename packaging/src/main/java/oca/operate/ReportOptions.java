package oca.operate;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Where a report goes that takes a while to make, and how far it is meanwhile. Commands that look
 * into tables and traces have it in common.
 */
public final class ReportOptions implements AutoCloseable {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "table for people (the default), json for programs")
  private OutputOptions.Form form = OutputOptions.Form.TABLE;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "-",
      description = "write the report as JSON too, to a file; without FILE the same as -o json")
  private @Nullable String json;

  private final long begun = System.nanoTime();
  private @Nullable OnBreak onBreak;

  /** Where notes go that are no part of the report. */
  public PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Seconds since the command began. */
  public double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }

  /** Tells how far it is on a terminal, in one line that is written over; ends it at the last. */
  @SuppressWarnings("SystemConsoleNull") // Its declaration still allows null.
  public void progress(int done, int all, String what) {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return;
    }
    if (onBreak == null) {
      onBreak = new OnBreak(() -> err().println());
    }
    double left = done == 0 ? 0 : seconds() / done * (all - done);
    err()
        .printf(
            Locale.ROOT,
            "\r%d of %d %s, about %s left\u001b[K",
            done,
            all,
            what,
            Figures.time(Math.round(left)));
    if (done == all) {
      err().println();
      close();
    }
    err().flush();
  }

  /** Prints it, for people or as JSON, and writes the file that was asked for, whole or not. */
  public void print(String table, byte[] asJson) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    boolean isJson = form == OutputOptions.Form.JSON || "-".equals(json);
    out.print(isJson ? new String(asJson, java.nio.charset.StandardCharsets.UTF_8) : table);
    out.flush();
    if (json != null && !"-".equals(json)) {
      WholeFile.write(Path.of(json), asJson);
    }
  }

  /** Sizes as an option has them; one that cannot be read is told with an example. */
  public <T> List<T> sizes(
      String option, List<String> texts, Function<String, T> parse, String example) {
    List<T> parsed = new ArrayList<>();
    for (String text : texts) {
      try {
        parsed.add(parse.apply(text));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(
            spec.commandLine(), option + " " + text + ": " + e.getMessage() + "; write " + example);
      }
    }
    return parsed;
  }

  @Override
  public void close() {
    OnBreak open = onBreak;
    if (open != null) {
      open.close();
      onBreak = null;
    }
  }
}
