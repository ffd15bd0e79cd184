package oca.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import oca.model.ApplianceId;
import oca.model.SiteId;
import oca.operate.OutputOptions;
import oca.protocol.Wire;
import oca.steering.records.Change;
import oca.steering.records.DecisionFiles;
import oca.steering.records.Outlook;
import oca.whatif.Rerouting;
import oca.whatif.ServedFiles;
import oca.whatif.Span;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code oca whatif}: puts recorded questions to the ranker again, with something changed. */
@Command(
    name = "whatif",
    description = {
      "Replay recorded decisions of steering (recording.to.file) through the classes that made"
          + " them, with something changed, and show who would be named first.",
      "Without a change every decision must come out as it was; exits 1 when one does not.",
      "With --served it also tells where the bytes would have come from, and why not from the"
          + " nearest site.",
      "Recorded loads stay as they are: that those who take over become fuller is not in it."
    })
final class WhatIfCommand implements Callable<Integer> {
  /**
   * The answer as JSON.
   *
   * @param served what becomes of bytes; nothing when no responses were given
   */
  record Answer(DecisionFiles.Tally read, Outlook.Sum outlook, long millis, Rerouting.Sum served) {}

  /** Clocks of steering and servers differ by no more, as the controller has it. */
  private static final Duration SKEW = Duration.ofSeconds(2);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--records",
      paramLabel = "PLACE",
      required = true,
      description = "the folder of steering's files, or one of them")
  @SuppressWarnings("NullAway.Init") // Required.
  private Path records;

  @Option(
      names = "--drop-site",
      paramLabel = "SITE",
      description = "all appliances of that site are gone; may be given several times")
  private List<String> dropped = List.of();

  @Option(
      names = "--capacity",
      paramLabel = "SITE=FACTOR",
      description = "its appliances may serve that many times as much, such as north=0.5")
  private Map<String, Double> capacity = Map.of();

  @Option(
      names = "--cutoff",
      paramLabel = "SHARE",
      description = "the free share below which an appliance gets no new viewers, 0 to 1")
  private @Nullable Double cutoff;

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      description = "for how long a heartbeat counts")
  private @Nullable Double window;

  @Option(
      names = "--served",
      paramLabel = "SERVER=FOLDER",
      description =
          "the folder of a server's records (records.file), such as north-1=/var/lib/oca/records;"
              + " the origin is called origin; may be given several times")
  private Map<String, Path> served = Map.of();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "only what was decided and asked for since, such as 2026-11-01T12:00:00Z")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "the same, for the end")
  private @Nullable String to;

  @Option(
      names = "--most",
      paramLabel = "NUMBER",
      description = "decisions and responses kept for --served, each, about 2 KiB; default 200000")
  private int most = 200_000;

  @Override
  public Integer call() throws Exception {
    Change change = change();
    Span span = span();
    Outlook outlook = new Outlook();
    Rerouting rerouting = new Rerouting(change.dropped(), span, SKEW, most);
    long begun = System.nanoTime();
    DecisionFiles.Tally read =
        DecisionFiles.replay(
            DecisionFiles.of(records),
            change,
            pair -> {
              if (span.has(pair.then().at())) {
                outlook.accept(pair);
                if (!served.isEmpty()) {
                  rerouting.accept(pair);
                }
              }
            });
    long malformed = 0;
    for (Map.Entry<String, Path> server : served.entrySet()) {
      ApplianceId id = new ApplianceId(server.getKey());
      malformed += ServedFiles.read(server.getValue(), one -> rerouting.response(id, one));
    }
    Rerouting.Sum bytes = rerouting.sum();
    long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
    Outlook.Sum sum = outlook.sum();
    PrintWriter out = output.out();
    if (output.isJson()) {
      Answer answer = new Answer(read, sum, millis, bytes);
      out.print(new String(Wire.writePretty(answer), StandardCharsets.UTF_8));
    } else {
      show(out, read, sum, millis);
      if (!served.isEmpty()) {
        show(out, bytes);
      }
    }
    out.flush();
    if (malformed > 0) {
      output.err().printf(Locale.ROOT, "%,d lines are no records of responses%n", malformed);
      output.err().flush();
    }
    boolean isWell =
        read.malformed() + malformed == 0 && (!change.isNone() || sum.same() == sum.decisions());
    return isWell ? 0 : Oca.FAILED;
  }

  private Change change() {
    try {
      Set<SiteId> sites = new HashSet<>();
      dropped.forEach(site -> sites.add(new SiteId(site)));
      Map<SiteId, Double> factors = new HashMap<>();
      capacity.forEach((site, factor) -> factors.put(new SiteId(site), factor));
      Double share = cutoff;
      if (share != null && !(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("--cutoff must be 0 to 1, not " + share);
      }
      Double seconds = window;
      return new Change(
          sites,
          factors,
          share == null ? OptionalDouble.empty() : OptionalDouble.of(share),
          seconds == null
              ? Optional.empty()
              : Optional.of(Duration.ofMillis(Math.round(seconds * 1000))));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Span span() {
    try {
      String begins = from;
      String ends = to;
      if (most < 1) {
        throw new IllegalArgumentException("--most must be 1 or more");
      }
      return new Span(
          begins == null ? Instant.MIN : Instant.parse(begins),
          ends == null ? Instant.MAX : Instant.parse(ends));
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--from and --to must be such as 2026-11-01T12:00:00Z, not " + e.getParsedString(),
          e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static void show(PrintWriter out, Rerouting.Sum sum) {
    out.printf(
        Locale.ROOT,
        "%n%,d bytes of %,d responses; %,d bytes of which no answer is known%n",
        sum.bytes(),
        sum.responses(),
        sum.others());
    if (sum.left() > 0) {
      out.printf(
          Locale.ROOT,
          "%,d answers and responses were left out; --most says how many%n",
          sum.left());
    }
    show(out, "SERVED FROM", sum.sites(), sum.bytes());
    show(out, "CAUSE", sum.labels(), sum.bytes());
  }

  private static void show(PrintWriter out, String what, List<Rerouting.Row> rows, long all) {
    out.printf("%n%-20s %14s %14s%n", what, "THEN", "NOW");
    for (Rerouting.Row row : rows) {
      out.printf("%-20s %14s %14s%n", row.name(), share(row.then(), all), share(row.now(), all));
    }
  }

  private static void show(
      PrintWriter out, DecisionFiles.Tally read, Outlook.Sum sum, long millis) {
    out.printf(
        Locale.ROOT,
        "%,d decisions in %.1f s; %,d come out as they were (%s)%n",
        sum.decisions(),
        millis / 1e3,
        sum.same(),
        share(sum.same(), sum.decisions()));
    if (read.malformed() > 0) {
      out.printf(Locale.ROOT, "%,d lines could not be used%n", read.malformed());
    }
    out.printf(
        Locale.ROOT,
        "nearest site named first: %s then, %s now%n%n",
        share(sum.nearestThen(), sum.decisions()),
        share(sum.nearestNow(), sum.decisions()));
    out.printf("%-20s %14s %8s %14s %8s%n", "NAMED FIRST", "THEN", "", "NOW", "");
    for (Outlook.Place place : sum.sites()) {
      out.printf(
          Locale.ROOT,
          "%-20s %,14d %8s %,14d %8s%n",
          place.site(),
          place.then(),
          share(place.then(), sum.decisions()),
          place.now(),
          share(place.now(), sum.decisions()));
    }
    if (!sum.moves().isEmpty()) {
      out.printf("%n%-20s %-20s %14s%n", "FROM", "TO", "DECISIONS");
      for (Outlook.Move move : sum.moves()) {
        out.printf(Locale.ROOT, "%-20s %-20s %,14d%n", move.from(), move.to(), move.decisions());
      }
    }
  }

  private static String share(long part, long whole) {
    return whole == 0 ? "-" : String.format(Locale.ROOT, "%.2f %%", 100.0 * part / whole);
  }
}
