package oca.operate;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import oca.protocol.Json;
import oca.protocol.http.PlainClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code oca misses}: why bytes did not come from the nearest site. */
@Command(
    name = "misses",
    description = {
      "Show what viewers were served, what of it did not come from their nearest site, and why;"
          + " asked of the fill controller.",
      "Exits 1 when nothing was served in that time."
    })
public final class MissesCommand implements Callable<Integer> {
  private static final String URL = "http://127.0.0.1:8450";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--controller",
      paramLabel = "URL",
      defaultValue = "${env:OCA_CONTROLLER:-" + URL + "}",
      description = "the fill controller; default OCA_CONTROLLER of the environment, else " + URL)
  private String controller = URL;

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      split = ",",
      description = "label (the default), site, from, appliance, title, file, hour, or several")
  private List<String> by = List.of("label");

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "such as 24h (ago; the default), 30m, 7d or 2026-11-01T12:00:00Z")
  private String from = "24h";

  @Option(names = "--to", paramLabel = "TIME", description = "the same, for the end")
  private @Nullable String to;

  @Option(
      names = "--only",
      paramLabel = "WHAT=VALUE",
      split = ",",
      description = "such as site=north or label=content; may be given several times")
  private Map<String, String> only = Map.of();

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "NUMBER",
      description = "rows at most; default 40")
  private int lines = 40;

  @Option(names = "--csv", description = "as CSV")
  private boolean csv;

  @Override
  public Integer call() throws Exception {
    Door door = door();
    if (csv) {
      output.out().print(door.text(target() + "&format=csv"));
      output.out().flush();
      return Exit.GOOD;
    }
    Json answer = door.get(target());
    Json total = answer.at("report").at("total");
    if (output.isJson()) {
      output.print(answer);
    } else {
      show(answer);
    }
    return total.at("bytes").number() > 0 ? Exit.GOOD : Exit.ATTENTION;
  }

  private Door door() throws IOException {
    try {
      return new Door(new PlainClient(controller, Duration.ofSeconds(30), Optional.empty()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--controller: " + e.getMessage(), e);
    }
  }

  private String target() {
    StringBuilder target = new StringBuilder("/v1/misses?by=" + encoded(String.join(",", by)));
    target.append("&from=").append(encoded(from)).append("&limit=").append(lines);
    String end = to;
    if (end != null) {
      target.append("&to=").append(encoded(end));
    }
    only.forEach(
        (what, value) ->
            target
                .append('&')
                .append(what.equals("from") ? "servedFrom" : encoded(what))
                .append('=')
                .append(encoded(value)));
    return target.toString();
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private void show(Json answer) {
    Json report = answer.at("report");
    Json total = report.at("total");
    long bytes = total.at("bytes").number();
    Page page = output.page();
    page.title(
        "%s served, %s of it by the nearest site"
            .formatted(Figures.bytes(bytes), Figures.share(total.at("nearest").number(), bytes)));
    page.line(
        "missed",
        "%s with a cause, %s unknown; %s hours of media"
            .formatted(
                Figures.share(total.at("missed").number(), bytes),
                Figures.share(total.at("unknown").number(), bytes),
                Figures.rate(total.at("missedHours").real())));
    page.line(
        "ratios",
        "content shed %s, offload %s"
            .formatted(
                Figures.share(total.at("content").number(), bytes),
                Figures.share(bytes - total.at("origin").number(), bytes)));
    Map<String, String> meanings = new HashMap<>();
    for (Json label : answer.at("labels").items()) {
      meanings.put(label.at("label").text(), label.at("sentence").text());
    }
    boolean byLabel = by.equals(List.of("label"));
    List<String> headings = new ArrayList<>();
    by.forEach(name -> headings.add(name.toUpperCase(Locale.ROOT)));
    headings.addAll(List.of(">SERVED", ">MISSED", ">SHARE", ">HOURS", ">RESPONSES"));
    if (byLabel) {
      headings.add("MEANING");
    }
    Table table = new Table(headings.toArray(String[]::new));
    for (Json row : report.at("rows").items()) {
      List<Object> cells = new ArrayList<>();
      row.at("key").items().forEach(value -> cells.add(value.text()));
      Json sum = row.at("sum");
      cells.add(Figures.bytes(sum.at("bytes").number()));
      cells.add(Figures.bytes(sum.at("missed").number()));
      cells.add(Figures.share(sum.at("bytes").number(), bytes));
      cells.add(Figures.rate(sum.at("hours").real()));
      cells.add(Figures.count(sum.at("requests").number()));
      if (byLabel) {
        cells.add(meanings.getOrDefault(cells.getFirst().toString(), ""));
      }
      table.row(cells.toArray());
    }
    if (!table.isEmpty()) {
      table.print(output.out(), output.style(), "  ");
    }
    long left = report.at("left").number();
    if (left > 0) {
      page.line("", Figures.count(left) + " more rows; --csv -n 100000 has them");
    }
    output.out().flush();
  }
}
