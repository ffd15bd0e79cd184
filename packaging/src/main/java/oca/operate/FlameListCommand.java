package oca.operate;

import java.util.List;
import java.util.concurrent.Callable;
import oca.protocol.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code oca flame list}: the flight recordings that are kept. */
@Command(
    name = "list",
    description = {
      "List the flight recordings that a process has kept, the newest first.",
      "Exits 1 when it should record and does not."
    })
final class FlameListCommand implements Callable<Integer> {
  @Mixin private FlightOptions flights = new FlightOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Override
  public Integer call() throws Exception {
    Json all = flights.all();
    boolean isOff = all.at("status").isThere() && !all.at("status", "recording").isTrue();
    boolean isFailing = isOff && !all.at("folder").text().isEmpty();
    if (output.isJson()) {
      output.print(all);
      return isFailing ? Exit.ATTENTION : Exit.GOOD;
    }
    Page page = output.page();
    if (isFailing) {
      page.finding(
          Finding.fail(
              "recording",
              "does not run: " + all.at("status", "problem").text("it has just begun"),
              "see diagnose in the configuration, and the log"));
    } else if (isOff) {
      page.finding(Finding.warn("recording", "is off", "set diagnose.folder in the configuration"));
    } else if (all.at("status").isThere()) {
      page.title(
          "the last %s are recorded, %s at most"
              .formatted(
                  Figures.time(all.at("ringSeconds").number()),
                  Figures.bytes(all.at("ringBytes").number())));
    }
    List<Json> kept = all.at("flights").items();
    Table table = new Table("KEPT AT, UTC", "CAUSE", ">SIZE", "RECORDING");
    for (Json flight : kept) {
      table.row(
          flight.at("at").text().replace('T', ' ').replaceFirst("(\\.\\d+)?Z$", ""),
          flight.at("cause").text(),
          Figures.bytes(flight.at("bytes").number()),
          flight.at("name").text());
    }
    if (kept.isEmpty()) {
      output.out().println("  nothing is kept" + in(all));
    } else {
      table.print(output.out(), output.style(), "  ");
      output.out().println("in " + all.at("folder").text() + "; oca flame NAME shows one");
    }
    output.out().flush();
    return isFailing ? Exit.ATTENTION : Exit.GOOD;
  }

  private static String in(Json all) {
    String folder = all.at("folder").text();
    return folder.isEmpty() ? "" : " in " + folder;
  }
}
