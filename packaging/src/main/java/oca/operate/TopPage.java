package oca.operate;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import oca.protocol.Json;

/** What an appliance does just now, as a page. Pure. */
final class TopPage {
  private static final int BAR = 8;
  private static final int LOOPS_A_LINE = 3;

  private TopPage() {}

  static void show(Page page, PrintWriter out, Style style, Json status, Rates rates) {
    page.title(
        "%s at %s, %s, up %s"
            .formatted(
                status.at("appliance").text(),
                status.at("site").text(),
                status.at("state").text(),
                Figures.time(status.at("run", "upSeconds").number())));
    long open = status.at("connections").number();
    long limit = status.at("connectionLimit").number();
    page.line(
        "sent",
        "%s   %s requests/s   %s of %s connections"
            .formatted(
                Figures.bits(rates.servedBytes()),
                Figures.rate(rates.requests()),
                Figures.count(open),
                Figures.count(limit)));
    page.line(
        "hits",
        "%s   %s   broken off %s/s"
            .formatted(
                Figures.share(rates.hits(), rates.hits() + rates.misses()),
                rates.times().said(),
                Figures.rate(rates.brokenOff())));
    page.line("answers", outcomes(rates));
    loops(page, rates.loops());
    page.line(
        "cold reads",
        "%s/s, %s/s; %s waits/s of %s; %s queued"
            .formatted(
                Figures.rate(rates.coldReads()),
                Figures.bytes(rates.coldBytes()),
                Figures.rate(rates.coldWaits()),
                rates.coldWaits() == 0
                    ? "-"
                    : Figures.micros(Math.round(rates.coldWaitMicros() / rates.coldWaits())),
                status.at("edge", "coldQueued").text("0")));
    filling(page, status.at("fill"), rates);
    Table disks = new Table("DISK", "STATE", ">USED", "", ">FREE", ">FILES", ">ERRORS");
    for (Json volume : status.at("store", "volumes").items()) {
      double used = volume.at("usedBytes").number();
      double capacity = volume.at("capacityBytes").number();
      disks.row(
          volume.at("path").text(),
          volume.at("state").text(),
          Figures.share(used, capacity),
          bar(capacity <= 0 ? 0 : used / capacity),
          Figures.bytes(volume.at("freeBytes").number()),
          Figures.count(volume.at("files").number()),
          Figures.count(volume.at("errors").number()));
    }
    disks.print(out, style, "  ");
  }

  private static String outcomes(Rates rates) {
    String shown =
        rates.outcomes().entrySet().stream()
            .filter(it -> it.getValue() > 0)
            .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
            .limit(6)
            .map(it -> it.getKey() + " " + Figures.rate(it.getValue()) + "/s")
            .collect(Collectors.joining(", "));
    return shown.isEmpty() ? "none" : shown;
  }

  private static void loops(Page page, List<Double> loops) {
    for (int at = 0; at < loops.size(); at += LOOPS_A_LINE) {
      StringBuilder line = new StringBuilder();
      for (int i = at; i < Math.min(loops.size(), at + LOOPS_A_LINE); i++) {
        line.append("%2d %s %3.0f %%   ".formatted(i, bar(loops.get(i)), 100 * loops.get(i)));
      }
      page.line(at == 0 ? "loops" : "", line.toString().stripTrailing());
    }
  }

  private static void filling(Page page, Json fill, Rates rates) {
    long waiting = fill.at("waiting").number() + fill.at("running").number();
    long filled = fill.at("filled").number();
    String left =
        waiting == 0 || rates.filledFiles() <= 0
            ? ""
            : ", about " + Figures.time(Math.round(waiting / rates.filledFiles())) + " left";
    page.line(
        "filling",
        "%s/s (peers %s/s, origins %s/s), window %s; %s of %s files in%s"
            .formatted(
                Figures.bytes(rates.fillBytes()),
                Figures.bytes(rates.fillPeerBytes()),
                Figures.bytes(rates.fillOriginBytes()),
                fill.at("windowOpen").isTrue() ? "open" : "closed",
                Figures.count(filled),
                Figures.count(filled + waiting),
                left));
  }

  private static String bar(double share) {
    int full = (int) Math.round(Math.clamp(share, 0, 1) * BAR);
    return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
  }
}
