package oca.operate;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import oca.protocol.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code oca recall}: withdraws what came from one source. */
@Command(
    name = "recall",
    description = {
      "Withdraw all blocks that came from one source in a time. They are served no more, after a"
          + " restart neither, and the fill asks for them again.",
      "Exits 1 when it is not done on all disks, or some files could not be looked at; with"
          + " --dry-run when there is nothing to withdraw."
    })
public final class RecallCommand implements Callable<Integer> {
  private final Watch watch;

  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "SOURCE",
      description = "origin, or host and port of a peer")
  private String from = "";

  @Option(
      names = "--between",
      required = true,
      arity = "2",
      paramLabel = "TIME",
      description =
          "fetching began between these: such as 24h (ago), 0s (now) or 2026-11-01T12:00:00Z;"
              + " choose the first early")
  private List<String> between = List.of();

  @Option(names = "--why", required = true, paramLabel = "TEXT", description = "is logged")
  private String why = "";

  @Option(names = "--who", paramLabel = "NAME", description = "is logged; default USER")
  private String who = System.getProperty("user.name", "unknown");

  @Option(
      names = "--uncertain",
      description = "blocks too of which it is not known any more where they came from")
  private boolean uncertain;

  @Option(names = "--dry-run", description = "withdraw nothing, tell what would be withdrawn")
  private boolean dryRun;

  @Option(
      names = "--each",
      paramLabel = "URL",
      split = ",",
      description =
          "at these appliances' admin addresses, instead of one; who does not answer is"
              + " told, and the exit status is 3")
  private List<String> each = List.of();

  /** With the time of this machine. */
  public RecallCommand() {
    this(Watch.SYSTEM);
  }

  RecallCommand(Watch watch) {
    this.watch = watch;
  }

  @Override
  public Integer call() throws Exception {
    Json order = order();
    FleetAnswers answers =
        FleetAnswers.of(
            admin.patientDoors(each), door -> ended(door, door.post("/v1/recalls", order)));
    if (output.isJson()) {
      output.print(answers.json());
    } else {
      show(answers);
    }
    return answers.anyMissing()
        ? Exit.UNREACHED
        : answers.all(this::isGood) ? Exit.GOOD : Exit.ATTENTION;
  }

  private boolean isGood(Json answer) {
    return dryRun
        ? answer.at("files").number() > 0 && answer.at("complete").isTrue()
        : answer.at("open").items().isEmpty() && answer.at("unread").number() == 0;
  }

  private Json order() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("source", from);
    fields.put("from", between.getFirst());
    if (!between.get(1).equals("0s")) {
      fields.put("to", between.get(1));
    }
    fields.put("who", who);
    fields.put("why", why);
    fields.put("uncertain", uncertain);
    fields.put("dryRun", dryRun);
    return Json.of(fields);
  }

  /** Asks how far it is until it is done. */
  private Json ended(Door door, Json answer) throws IOException {
    Json now = answer;
    long number = answer.at("number").number();
    while (!dryRun && now.at("running").isTrue()) {
      try {
        watch.pause(java.time.Duration.ofSeconds(1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("broken off; the recall goes on, see /v1/recalls", e);
      }
      for (Json one : door.get("/v1/recalls").at("recalls").items()) {
        now = one.at("number").number() == number ? one : now;
      }
    }
    return now;
  }

  private void show(FleetAnswers answers) {
    Page page = output.page();
    for (FleetAnswers.Answer one : answers.all()) {
      Json answer = one.answer();
      if (answer == null) {
        continue;
      }
      if (answers.all().size() > 1) {
        page.title(one.who());
      }
      if (dryRun) {
        LineageCommand.found(page, answer);
        page.line("dry run", "nothing was withdrawn");
      } else {
        done(page, answer);
      }
    }
    answers.printMissing(page);
    output.out().flush();
  }

  private static void done(Page page, Json answer) {
    page.title(
        "recall %d: %s blocks of %s files withdrawn, %s"
            .formatted(
                answer.at("number").number(),
                Figures.count(answer.at("blocks").number()),
                Figures.count(answer.at("files").number()),
                Figures.bytes(answer.at("bytes").number())));
    page.line(
        "between",
        LineageCommand.time(answer.at("from")) + " and " + LineageCommand.time(answer.at("to")));
    page.line("looked at", Figures.count(answer.at("read").number()) + " files");
    long unread = answer.at("unread").number();
    if (unread > 0) {
      page.finding(
          new Finding(
              Finding.Level.WARN,
              "files",
              unread + " could not be looked at",
              "see the log, then recall again"));
    }
    for (Json volume : answer.at("open").items()) {
      page.finding(
          new Finding(
              Finding.Level.WARN,
              volume.text(),
              "it is not done there; nothing on it is served before it is",
              "it is done when the volume is back, or at the next start"));
    }
  }
}
