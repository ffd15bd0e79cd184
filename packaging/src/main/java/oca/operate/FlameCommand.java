package oca.operate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import oca.flame.FlamePage;
import oca.flame.FlightReader;
import oca.flame.HotSpots;
import oca.flame.HotSpots.Spot;
import oca.flame.Profile;
import oca.flame.Profile.Kind;
import oca.protocol.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code oca flame}: a flight recording as a page with flame graph and heat map. */
@Command(
    name = "flame",
    description = {
      "Write a flight recording as one HTML page that needs nothing else: a heat map of where in"
          + " each second threads were at work, the flame graph of the part that is chosen in it,"
          + " and what took long meanwhile; and print where processor time went.",
      "Processes keep a recording of the last minutes when viewers are not served as they should"
          + " be; --window has one kept now. Any recording of Java's recorder can be shown."
    },
    synopsisSubcommandLabel = "[list]",
    subcommands = FlameListCommand.class)
public final class FlameCommand implements Callable<Integer> {
  private static final int SPOTS = 10;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private FlightOptions flights = new FlightOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "a file, or a name as oca flame list tells it; without it the newest")
  private @Nullable String file;

  @Option(names = "--last", description = "the newest that is kept; what is done without FILE, too")
  private boolean last;

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      arity = "0..1",
      fallbackValue = "60",
      description =
          "have the process keep what is recorded now, and show the last SECONDS of it (60); with"
              + " FILE or --last: so much of that")
  private @Nullable Integer window;

  @Option(
      names = {"-O", "--html"},
      paramLabel = "PAGE",
      description = "the page to write; default: the recording's name with .html, here")
  private @Nullable Path page;

  @Override
  public Integer call() throws Exception {
    if (last && file != null) {
      throw new ParameterException(spec.commandLine(), "--last and FILE exclude each other");
    }
    Integer wanted = window;
    if (wanted != null && wanted < 1) {
      throw new ParameterException(spec.commandLine(), "--window must be 1 second or more");
    }
    Path recording = recording();
    String name = String.valueOf(recording.getFileName());
    Path to = page == null ? Path.of(name.replaceFirst("\\.jfr$", "") + ".html") : page;
    if (output.style().isTerminal()) {
      output.err().println("reading " + recording + " ...");
      output.err().flush();
    }
    Profile profile =
        FlightReader.read(
            recording, wanted == null ? Duration.ofDays(1) : Duration.ofSeconds(wanted));
    WholeFile.write(to, FlamePage.of(name, profile).getBytes(StandardCharsets.UTF_8));
    tell(recording, to, profile);
    return Exit.GOOD;
  }

  private Path recording() throws IOException {
    String given = file;
    if (given == null && !last && window != null) {
      return readable(Path.of(flights.keep().at("path").text()));
    }
    if (given != null && (given.contains("/") || Files.exists(Path.of(given)))) {
      return readable(Path.of(given));
    }
    Json all = flights.all();
    for (Json flight : all.at("flights").items()) {
      if (given == null || flight.at("name").text().equals(given)) {
        return readable(Path.of(flight.at("path").text()));
      }
    }
    throw new IOException(
        given == null
            ? "no recording is kept; oca flame --window shows what is recorded now"
            : "no recording is named " + given + "; oca flame list names them");
  }

  private static Path readable(Path recording) throws IOException {
    if (!Files.exists(recording)) {
      Path folder = recording.toAbsolutePath().getParent();
      throw new IOException(
          folder == null || Files.isReadable(folder)
              ? recording + ": no such file"
              : recording + " cannot be reached; try as root, or as the process's user");
    }
    if (!Files.isReadable(recording)) {
      throw new IOException(recording + " cannot be read; try as root, or as the process's user");
    }
    return recording;
  }

  private void tell(Path recording, Path to, Profile profile) {
    long atWork = profile.count(Kind.JAVA) + profile.count(Kind.NATIVE);
    List<Spot> spots = HotSpots.of(profile, SPOTS);
    if (output.isJson()) {
      output.print(json(recording, to, profile, atWork, spots));
      return;
    }
    long waiting = profile.count(Kind.WAITING);
    Page lines = output.page();
    lines.title(recording.toString());
    lines.line(
        "shown",
        "%s from %s, %s samples at work%s, %s events"
            .formatted(
                Figures.time(profile.millis() / 1000),
                profile.begins().toString().replaceFirst("\\.\\d+Z$", "Z"),
                Figures.count(atWork),
                waiting == 0 ? "" : ", " + Figures.count(waiting) + " waiting",
                Figures.count(profile.events().size())));
    profile.notes().forEach(it -> lines.line("note", it));
    Table table = new Table(">ITSELF", ">WITH CALLS", "FRAME");
    spots.forEach(
        it ->
            table.row(
                Figures.share(it.self(), atWork),
                Figures.share(it.total(), atWork),
                it.frame().replaceFirst("^(?:[a-z_0-9]+\\.)+", "")));
    if (!table.isEmpty()) {
      table.print(output.out(), output.style(), "  ");
    }
    output.out().println("written to " + to);
    output.out().flush();
  }

  private static Json json(
      Path recording, Path to, Profile profile, long atWork, List<Spot> spots) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("recording", recording.toString());
    all.put("page", to.toString());
    all.put("begins", profile.begins().toString());
    all.put("seconds", profile.millis() / 1e3);
    all.put("samples", atWork);
    all.put("waiting", profile.count(Kind.WAITING));
    all.put("events", profile.events().size());
    all.put("notes", profile.notes());
    all.put(
        "frames",
        spots.stream()
            .map(it -> Json.of(Map.of("frame", it.frame(), "self", it.self(), "total", it.total())))
            .toList());
    return Json.of(all);
  }
}
