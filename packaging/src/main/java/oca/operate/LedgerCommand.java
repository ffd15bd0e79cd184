package oca.operate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import oca.fill.ledger.LedgerCheck;
import oca.protocol.Json;
import oca.protocol.http.PlainClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code oca ledger}: the signed ledger of each day. */
@Command(
    name = "ledger",
    description = {
      "Show the signed ledger of each day, or of one: what appliances served, what of it came from"
          + " beyond, the peak that was shaved, what filling cost and what of it was wasted.",
      "With --verify, exits 1 when a day was altered, or one is missing between others."
    })
public final class LedgerCommand implements Callable<Integer> {
  private static final String URL = "http://127.0.0.1:8450";
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private OutputOptions output = new OutputOptions();

  @Parameters(arity = "0..1", paramLabel = "DAY", description = "such as 2026-11-23")
  private @Nullable String day;

  @Option(
      names = "--controller",
      paramLabel = "URL",
      defaultValue = "${env:OCA_CONTROLLER:-" + URL + "}",
      description = "the fill controller; default OCA_CONTROLLER of the environment, else " + URL)
  private String controller = URL;

  @Option(names = "--csv", description = "the day as CSV")
  private boolean csv;

  @Option(
      names = "--save",
      paramLabel = "FOLDER",
      description = "write DAY.json into it, of all days or of one")
  private @Nullable Path save;

  @Option(names = "--verify", description = "check signatures, and that no day is missing between")
  private boolean verify;

  @Option(
      names = "--key",
      paramLabel = "PUB",
      description = "for --verify: the public key, in base64 or a PEM file")
  private @Nullable String key;

  @Option(
      names = "--in",
      paramLabel = "FOLDER",
      description = "for --verify: days that --save wrote, instead of the controller's")
  private @Nullable Path in;

  @Override
  public Integer call() throws Exception {
    if (verify != (key != null) || (in != null && !verify)) {
      throw usage("--verify needs --key, and --key and --in need --verify");
    }
    if (csv && day == null) {
      throw usage("--csv is of one DAY");
    }
    if (verify) {
      return verified(documents());
    }
    Path folder = save;
    if (folder != null) {
      return saved(folder);
    }
    return day == null ? list() : one(day);
  }

  private int list() throws IOException {
    Json answer = door().get("/v1/ledger");
    if (output.isJson()) {
      output.print(answer);
      return Exit.GOOD;
    }
    Page page = output.page();
    page.title(
        "%s so far, %s"
            .formatted(
                answer.at("today").text(), Figures.bytes(answer.at("soFar", "bytes").number())));
    page.line("key", answer.at("publicKey").text());
    Table table = new Table(">NUMBER", "DAY", "DIGEST");
    for (Json one : answer.at("days").items().reversed()) {
      table.row(one.at("number").number(), one.at("day").text(), one.at("digest").text());
    }
    if (table.isEmpty()) {
      page.line("closed", "no day yet");
    } else {
      table.print(output.out(), output.style(), "  ");
    }
    output.out().flush();
    return Exit.GOOD;
  }

  private int one(String named) throws IOException {
    if (csv) {
      output.out().print(door().text("/v1/ledger/" + named + "?format=csv"));
      output.out().flush();
      return Exit.GOOD;
    }
    Json signed = door().get("/v1/ledger/" + named);
    if (output.isJson()) {
      output.print(signed);
    } else {
      show(signed);
    }
    return Exit.GOOD;
  }

  private void show(Json signed) {
    Json content = signed.at("content");
    Json total = content.at("total");
    Page page = output.page();
    long bytes = total.at("bytes").number();
    page.title("%s: %s served".formatted(content.at("day").text(), Figures.bytes(bytes)));
    page.line(
        "offload",
        "%s; content shed %s"
            .formatted(
                Figures.share(bytes - total.at("beyondBytes").number(), bytes),
                Figures.share(total.at("contentBytes").number(), bytes)));
    page.line(
        "shaved",
        "%s at the peak, 95 %% of the time at most %s"
            .formatted(
                bits(total.at("peakBitsPerSecond").number()),
                bits(total.at("p95BitsPerSecond").number())));
    Json fill = total.at("fill");
    page.line(
        "fill",
        "from origins %s in the window and %s outside, from peers %s and %s; %s files, %s failed"
            .formatted(
                Figures.bytes(fill.at("originBytesInWindow").number()),
                Figures.bytes(fill.at("originBytesOutside").number()),
                Figures.bytes(fill.at("peerBytesInWindow").number()),
                Figures.bytes(fill.at("peerBytesOutside").number()),
                Figures.count(fill.at("files").number()),
                Figures.count(fill.at("failed").number())));
    Json wasted = total.at("wasted");
    page.line(
        "wasted",
        "%s taken out unserved, %s unserved for too long"
            .formatted(
                Figures.bytes(wasted.at("evictedBytes").number()),
                Figures.bytes(wasted.at("agedBytes").number())));
    page.line("causes", causes(total, bytes));
    page.line("in doubt", doubt(total.at("doubt")));
    Table table = new Table("SITE", ">SERVED", ">BEYOND", ">PEAK", ">95 %", ">FILLED");
    for (Json site : content.at("sites").items()) {
      Json line = site.at("line");
      table.row(
          site.at("site").text(),
          Figures.bytes(line.at("bytes").number()),
          Figures.bytes(line.at("beyondBytes").number()),
          bits(line.at("peakBitsPerSecond").number()),
          bits(line.at("p95BitsPerSecond").number()),
          Figures.bytes(
              line.at("fill").fields().entrySet().stream()
                  .filter(it -> it.getKey().contains("Bytes"))
                  .mapToLong(it -> it.getValue().number())
                  .sum()));
    }
    if (!table.isEmpty()) {
      table.print(output.out(), output.style(), "  ");
    }
    for (Json late : content.at("corrections").items()) {
      page.line(
          "late",
          "%s more of %s by %s"
              .formatted(
                  Figures.bytes(late.at("bytes").number()),
                  late.at("day").text(),
                  late.at("appliance").text()));
    }
    page.line("digest", signed.at("digest").text());
    output.out().flush();
  }

  private static String causes(Json total, long bytes) {
    List<String> causes = new ArrayList<>();
    total
        .at("causes")
        .fields()
        .forEach((label, sum) -> causes.add(label + " " + Figures.share(sum.number(), bytes)));
    causes.add("without a label " + Figures.share(total.at("unlabelledBytes").number(), bytes));
    return String.join(", ", causes);
  }

  private static String doubt(Json doubt) {
    return "%s records dropped by their senders, %s from the future, %s malformed"
        .formatted(
            Figures.count(doubt.at("droppedRecords").number()),
            Figures.count(doubt.at("futureRecords").number()),
            Figures.count(doubt.at("malformedRecords").number()));
  }

  private static String bits(long perSecond) {
    return Figures.bytes(perSecond).replace("B", "bit/s");
  }

  private int saved(Path folder) throws IOException {
    Files.createDirectories(folder);
    int written = 0;
    for (Json signed : fetched()) {
      WholeFile.write(
          folder.resolve(signed.at("content", "day").text() + ".json"),
          signed.pretty().getBytes(StandardCharsets.UTF_8));
      written++;
    }
    output.out().println(written + " days are in " + folder);
    output.out().flush();
    return written > 0 ? Exit.GOOD : Exit.ATTENTION;
  }

  private List<Json> fetched() throws IOException {
    Door door = door();
    List<Json> documents = new ArrayList<>();
    for (Json entry : door.get("/v1/ledger").at("days").items()) {
      String name = entry.at("day").text();
      if (day == null || name.equals(day)) {
        documents.add(door.get("/v1/ledger/" + name));
      }
    }
    return documents;
  }

  private List<Json> documents() throws IOException {
    Path folder = in;
    if (folder == null) {
      return fetched();
    }
    List<Json> documents = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".json")).sorted().toList()) {
        Json document = Json.parse(Files.readAllBytes(file));
        if (day == null || document.at("content", "day").text().equals(day)) {
          documents.add(document);
        }
      }
    }
    return documents;
  }

  private int verified(List<Json> documents) throws IOException {
    List<String> problems = LedgerCheck.problems(documents, publicKey());
    List<String> days =
        documents.stream().map(it -> it.at("content", "day").text()).sorted().toList();
    boolean good = problems.isEmpty() && !days.isEmpty();
    if (output.isJson()) {
      output.print(Json.of(Map.of("days", days, "problems", problems, "good", good)));
      return good ? Exit.GOOD : Exit.ATTENTION;
    }
    Page page = output.page();
    problems.forEach(
        it -> page.finding(new Finding(Finding.Level.FAIL, "ledger", it, "ask who keeps it")));
    if (days.isEmpty()) {
      page.finding(new Finding(Finding.Level.WARN, "ledger", "no day to verify", ""));
    } else if (good) {
      page.title(
          "%d days from %s to %s are as they were signed, and none is missing between"
              .formatted(days.size(), days.getFirst(), days.getLast()));
    }
    output.out().flush();
    return good ? Exit.GOOD : Exit.ATTENTION;
  }

  private String publicKey() throws IOException {
    String given = String.valueOf(key);
    if (!Files.isRegularFile(Path.of(given))) {
      return given;
    }
    Matcher pem = PEM.matcher(Files.readString(Path.of(given)));
    if (!pem.find()) {
      throw usage("--key: " + given + " has no PUBLIC KEY block");
    }
    return pem.group(1).replaceAll("\\s", "");
  }

  private Door door() throws IOException {
    try {
      return new Door(new PlainClient(controller, Duration.ofSeconds(60), Optional.empty()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--controller: " + e.getMessage(), e);
    }
  }

  private ParameterException usage(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
