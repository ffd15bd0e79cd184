package oca.operate;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.Callable;
import oca.model.ContentId;
import oca.protocol.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code oca log}: serve records from the appliance's files. */
@Command(
    name = "log",
    description = {
      "Show serve records from the files that the appliance writes (records.file), oldest first:"
          + " the last 20 of those that fit, or all with -n 0.",
      "The client is its network, never its address. Exits 1 when none fits."
    })
public final class LogCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofMillis(250);

  private final Watch watch;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      defaultValue = "${env:OCA_RECORDS:-/var/lib/oca/records}",
      description =
          "records.file.folder of the configuration; default OCA_RECORDS of the environment, else"
              + " /var/lib/oca/records")
  private Path folder = Path.of("/var/lib/oca/records");

  @Option(names = "--status", paramLabel = "STATUS", description = "such as 206 or 5xx")
  private @Nullable String status;

  @Option(
      names = "--outcome",
      paramLabel = "NAME",
      description = "such as not-here; oca top shows their names")
  private @Nullable String outcome;

  @Option(
      names = "--client",
      paramLabel = "ADDRESS|PREFIX",
      description = "the client's network is in it, such as 198.51.100.0/24, or has that address")
  private @Nullable String client;

  @Option(
      names = "--path",
      paramLabel = "PATH|ID",
      description = "the file asked for, by its path or by its id of 32 hexadecimal digits")
  private @Nullable String path;

  @Option(names = "--broken-off", description = "only answers that did not end well")
  private boolean brokenOff;

  @Option(
      names = "--slower-than",
      paramLabel = "MILLIS",
      description = "only answers that took longer")
  private long slowerThan = -1;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "such as 10m, 2h, 1d (ago) or 2026-11-01T12:00:00Z")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "the same, for the end")
  private @Nullable String until;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "NUMBER",
      description = "show the last so many; 0 for all; default 20")
  private int lines = 20;

  @Option(
      names = {"-f", "--follow"},
      description = "then show what comes, until Ctrl-C")
  private boolean follow;

  private boolean isHeaded;

  public LogCommand() {
    this(Watch.SYSTEM);
  }

  LogCommand(Watch watch) {
    this.watch = watch;
  }

  @Override
  public Integer call() throws Exception {
    RecordFilter filter = filter();
    Deque<String> last = new ArrayDeque<>();
    long[] found = {0};
    RecordFiles files = new RecordFiles(folder);
    files.read(
        filter.since(),
        line -> {
          Json record = RecordFilter.parsed(line);
          if (filter.fits(record)) {
            found[0]++;
            keep(last, shown(line, record));
          }
        });
    heading();
    last.forEach(output.out()::println);
    output.out().flush();
    while (follow && !output.out().checkError()) {
      watch.pause(LOOK);
      files.follow(
          line -> {
            Json record = RecordFilter.parsed(line);
            if (filter.fits(record)) {
              output.out().println(shown(line, record));
            }
          });
      output.out().flush();
    }
    return found[0] > 0 ? Exit.GOOD : Exit.ATTENTION;
  }

  private void keep(Deque<String> last, String line) {
    if (lines == 0) {
      heading();
      output.out().println(line);
      return;
    }
    last.addLast(line);
    if (last.size() > lines) {
      last.removeFirst();
    }
  }

  /** Once, and not before it is known that there is something to look into. */
  private void heading() {
    if (!output.isJson() && !isHeaded) {
      isHeaded = true;
      output
          .out()
          .println(
              output
                  .style()
                  .bold(
                      "DAY, UTC         OUTCOME       CLIENT             "
                          + "    BYTES      TOOK  FILE"));
    }
  }

  private String shown(String line, Json record) {
    if (output.isJson()) {
      return line;
    }
    return String.format(
        Locale.ROOT,
        "%-11s %3s  %-13s %-18s %9s %9s  %s",
        time(record.at("at").text()),
        record.at("status").text(),
        record.at("outcome").text() + (record.at("complete").isTrue() ? "" : "!"),
        record.at("client").text(),
        Figures.bytes(record.at("bodyBytes").number()),
        Figures.micros(record.at("micros").number()),
        id(record.at("file").text()));
  }

  /** As much of the id as tells files of one page apart, where a line has no room for all of it. */
  private String id(String id) {
    int room = Math.max(6, output.style().width() - 71);
    return id.length() <= room ? id : id.substring(0, room - 1) + "~";
  }

  /** Day, hour, minute and second: {@code 23 12:34:56}. */
  private static String time(String at) {
    return at.length() < 20 ? at : at.substring(8, 10) + " " + at.substring(11, 19);
  }

  private RecordFilter filter() {
    try {
      return new RecordFilter(
          status,
          outcome,
          client,
          file(path),
          brokenOff,
          slowerThan,
          time(since, "--since"),
          time(until, "--until"));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static @Nullable String file(@Nullable String path) {
    if (path == null || path.matches("[0-9a-f]{32}")) {
      return path;
    }
    return ContentId.ofPath(path.replaceFirst("^/", "")).toString();
  }

  private static @Nullable Instant time(@Nullable String text, String option) {
    if (text == null) {
      return null;
    }
    if (text.matches("\\d{1,6}[smhd]")) {
      long number = Long.parseLong(text.substring(0, text.length() - 1));
      long unit =
          switch (text.charAt(text.length() - 1)) {
            case 's' -> 1;
            case 'm' -> 60;
            case 'h' -> 3600;
            default -> 86_400;
          };
      return Instant.now().minusSeconds(number * unit);
    }
    try {
      return Instant.parse(text);
    } catch (java.time.format.DateTimeParseException e) {
      throw new IllegalArgumentException(
          option + " is neither such as 10m nor such as 2026-11-01T12:00:00Z: " + text, e);
    }
  }
}
