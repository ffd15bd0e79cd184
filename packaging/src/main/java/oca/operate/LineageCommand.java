package oca.operate;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import oca.protocol.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code oca lineage}: where stored bytes came from. */
@Command(
    name = "lineage",
    description = {
      "Show where an appliance's bytes of a file came from; or, with --from, which of its files"
          + " have blocks that came from one source.",
      "Exits 1 when there are none, or not all files could be looked at."
    })
public final class LineageCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "a path, or an id of 32 digits")
  private @Nullable String file;

  @Option(names = "--range", paramLabel = "A-B", description = "only these bytes of the file")
  private @Nullable String range;

  @Option(
      names = "--from",
      paramLabel = "SOURCE",
      description = "origin, or host and port of a peer")
  private @Nullable String from;

  @Option(
      names = "--between",
      arity = "2",
      paramLabel = "TIME",
      description =
          "fetching began between these: such as 24h (ago), 0s (now) or 2026-11-01T12:00:00Z;"
              + " default the last 24 hours")
  private List<String> between = List.of("24h", "0s");

  @Option(
      names = "--each",
      paramLabel = "URL",
      split = ",",
      description =
          "ask these appliances' admin addresses, instead of one; who does not answer is"
              + " told, and the exit status is 3")
  private List<String> each = List.of();

  @Override
  public Integer call() throws Exception {
    if ((file == null) == (from == null)) {
      throw new ParameterException(spec.commandLine(), "name either a FILE, or a source by --from");
    }
    String target = target();
    FleetAnswers answers = FleetAnswers.of(admin.patientDoors(each), door -> door.get(target));
    if (output.isJson()) {
      output.print(answers.json());
    } else {
      show(answers);
    }
    return answers.anyMissing()
        ? Exit.UNREACHED
        : answers.all(LineageCommand::isGood) ? Exit.GOOD : Exit.ATTENTION;
  }

  private static boolean isGood(Json answer) {
    return answer.at("runs").items().isEmpty()
        ? answer.at("files").number() > 0 && answer.at("complete").isTrue()
        : true;
  }

  private String target() {
    String named = file;
    String source = from;
    StringBuilder target = new StringBuilder("/v1/lineage?");
    if (named != null) {
      target.append("file=").append(encoded(named));
      String part = range;
      if (part != null) {
        target.append("&range=").append(encoded(part));
      }
    } else if (source != null) {
      target.append("source=").append(encoded(source)).append(times(between));
    }
    return target.toString();
  }

  static String times(List<String> between) {
    String to = between.get(1);
    return "&from=" + encoded(between.getFirst()) + (to.equals("0s") ? "" : "&to=" + encoded(to));
  }

  static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private void show(FleetAnswers answers) throws IOException {
    Page page = output.page();
    for (FleetAnswers.Answer one : answers.all()) {
      Json answer = one.answer();
      if (answer == null) {
        continue;
      }
      if (answers.all().size() > 1) {
        page.title(one.who());
      }
      if (file != null) {
        file(page, answer);
      } else {
        source(page, answer);
      }
    }
    answers.printMissing(page);
    output.out().flush();
  }

  private void file(Page page, Json answer) {
    page.title(
        "%s is %s: %s of %s"
            .formatted(
                file,
                answer.at("state").text(),
                Figures.bytes(answer.at("presentBytes").number()),
                Figures.bytes(answer.at("length").number())));
    Table table = new Table(">FIRST", ">LAST", "SOURCE", "SINCE", "VERIFIED", ">JOB", ">PLAN");
    for (Json run : answer.at("runs").items()) {
      table.row(
          run.at("firstByte").number(),
          run.at("lastByte").number(),
          run.at("source").text(),
          time(run.at("fetchedAt")),
          time(run.at("verifiedAt")),
          run.at("job").number(),
          run.at("plan").number());
    }
    if (!table.isEmpty()) {
      table.print(output.out(), output.style(), "  ");
    }
    left(page, answer, "runs");
  }

  private void source(Page page, Json answer) {
    found(page, answer);
    Table table = new Table("FILE", "STATE", ">BLOCKS", ">BYTES");
    for (Json one : answer.at("listed").items()) {
      table.row(
          one.at("file").text(),
          one.at("state").text(),
          one.at("blocks").number(),
          Figures.bytes(one.at("bytes").number()));
    }
    if (!table.isEmpty()) {
      table.print(output.out(), output.style(), "  ");
    }
    left(page, answer, "files");
  }

  /** What came from a source, in a title and a line or two. */
  static void found(Page page, Json answer) {
    page.title(
        "%s blocks of %s files came from %s, %s"
            .formatted(
                Figures.count(answer.at("blocks").number()),
                Figures.count(answer.at("files").number()),
                answer.at("source").text(),
                Figures.bytes(answer.at("bytes").number())));
    page.line("between", time(answer.at("from")) + " and " + time(answer.at("to")));
    long unread = answer.at("unread").number();
    page.line(
        "looked at",
        Figures.count(answer.at("read").number())
            + " files"
            + (unread > 0 ? ", " + unread + " of them could not be read" : "")
            + (answer.at("complete").isTrue() ? "" : "; the time was over before all were"));
    long uncertain = answer.at("uncertainBlocks").number();
    if (uncertain > 0 && !answer.at("uncertain").isTrue()) {
      page.line(
          "uncertain",
          Figures.count(uncertain)
              + " blocks more, of which it is not known any more where they came from");
    }
  }

  private void left(Page page, Json answer, String what) {
    long left = answer.at("left").number();
    if (left > 0) {
      page.line("", Figures.count(left) + " more " + what + " than lineage.listed");
    }
  }

  static String time(Json instant) {
    String text = instant.text();
    return text.isEmpty() ? "-" : text;
  }
}
