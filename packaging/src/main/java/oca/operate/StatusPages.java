package oca.operate;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import oca.protocol.Json;

/** What processes say of themselves, in lines. Pure. */
final class StatusPages {
  private StatusPages() {}

  static void appliance(Page page, Json status) {
    page.title(
        "appliance %s at %s, %s on %s, up %s"
            .formatted(
                status.at("appliance").text(),
                status.at("site").text(),
                status.at("state").text(),
                status.at("endpoint").text(),
                Figures.time(status.at("run", "upSeconds").number())));
    page.line(
        "process",
        "version %s, pid %s, %s, %s event loops"
            .formatted(
                status.at("run", "version").text("-"),
                status.at("run", "pid").text("-"),
                status.at("transport").text(),
                status.at("engine", "eventLoops").text()));
    page.line(
        "serving",
        "%s of %s connections, %s requests, %s sent"
            .formatted(
                count(status, "connections"),
                count(status, "connectionLimit"),
                count(status, "requests"),
                bytes(status, "servedBytes")));
    page.line("answers", answers(status));
    Json store = status.at("store");
    int disks = store.at("volumes").items().size();
    page.line(
        "store",
        "%s files, %s of %s on %s%s"
            .formatted(
                count(store, "files"),
                bytes(store, "usedBytes"),
                bytes(store, "capacityBytes"),
                disks == 1 ? "1 disk" : disks + " disks",
                store.at("recovering").isTrue() ? "; still looking for what they hold" : ""));
    Json fill = status.at("fill");
    page.line(
        "filling",
        "window %s, %s running, %s waiting; %s filled, %s given up, %s fetched"
            .formatted(
                fill.at("windowOpen").isTrue() ? "open" : "closed",
                count(fill, "running"),
                count(fill, "waiting"),
                count(fill, "filled"),
                count(fill, "givenUp"),
                bytes(status, "fillBytes")));
    if (!status.at("pull", "services").items().isEmpty()) {
      Json pull = status.at("pull");
      page.line(
          "pulled",
          "%s objects, %s of %s"
              .formatted(
                  count(pull, "objects"), bytes(pull, "usedBytes"), bytes(pull, "capacityBytes")));
    }
    page.line(
        "telling",
        "manifest %s, %s heartbeats failed, %s serve records lost"
            .formatted(
                status.at("manifestVersion").number() == 0
                    ? "not come yet"
                    : status.at("manifestVersion").text(),
                count(status, "heartbeatFailures"),
                count(status, "recordsDropped")));
  }

  /** The outcomes that count, the most frequent first. */
  private static String answers(Json status) {
    long all = status.at("outcomes").fields().values().stream().mapToLong(Json::number).sum();
    if (all == 0) {
      return "none yet";
    }
    List<Map.Entry<String, Json>> most =
        status.at("outcomes").fields().entrySet().stream()
            .filter(it -> it.getValue().number() > 0)
            .sorted((a, b) -> Long.compare(b.getValue().number(), a.getValue().number()))
            .limit(4)
            .toList();
    String shares =
        most.stream()
            .map(it -> it.getKey() + " " + Figures.share(it.getValue().number(), all))
            .collect(Collectors.joining(", "));
    return shares + "; " + Buckets.of(status).said();
  }

  static void steering(Page page, Json status) {
    Json fleet = status.at("fleet");
    page.title(
        "steering, %s, since %s"
            .formatted(
                status.at("ready").isTrue() ? "ready" : "not ready",
                seconds(status.at("started").text())));
    page.line(
        "fleet",
        "%s appliances known, %s of %s silent, %s files held"
            .formatted(
                status.at("appliances").text(),
                fleet.at("lost").text(),
                fleet.at("of").text(),
                count(status, "heldFiles")));
    String given =
        status.at("answers").fields().entrySet().stream()
            .filter(it -> it.getValue().number() > 0)
            .map(it -> it.getKey() + " " + Figures.count(it.getValue().number()))
            .collect(Collectors.joining(", "));
    page.line("answers", some(given));
    page.line(
        "knows",
        "%s networks; catalogue %s with %s titles"
            .formatted(
                count(status, "routes"),
                status.at("catalog", "version").text("none"),
                count(status, "catalog", "titles")));
  }

  static void controller(Page page, Json status) {
    Json plan = status.at("plan");
    page.title(
        "fill controller, plan %s in force, made %s"
            .formatted(
                status.at("plans", "applied").text(), some(seconds(plan.at("madeAt").text()))));
    page.line(
        "window",
        "%s; plan time %s, next or present %s to %s"
            .formatted(
                plan.at("windowOpen").isTrue() ? "open" : "closed",
                plan.at("timeOfDay").text(),
                plan.at("windowOpens").text(),
                plan.at("windowCloses").text()));
    List<Json> appliances = status.at("appliances").items();
    long alive = appliances.stream().filter(it -> it.at("alive").isTrue()).count();
    page.line(
        "fleet",
        "%d of %d appliances alive; %s of %s planned files are held"
            .formatted(
                alive,
                appliances.size(),
                sum(appliances, "heldOfPlanned"),
                sum(appliances, "plannedFiles")));
    Json fill = status.at("fill");
    page.line(
        "filled",
        "%s files, %s (%s from peers), %s failed"
            .formatted(
                count(fill, "files"),
                bytes(fill, "bytes"),
                Figures.share(fill.at("peerBytes").number(), fill.at("bytes").number()),
                count(fill, "failed")));
    page.line(
        "catalogue",
        "%s files of %s titles, %s"
            .formatted(
                count(status, "catalog", "files"),
                count(status, "catalog", "titles"),
                bytes(status, "catalog", "bytes")));
  }

  private static String sum(List<Json> lines, String name) {
    return Figures.count(lines.stream().mapToLong(it -> it.at(name).number()).sum());
  }

  private static String count(Json of, String... path) {
    return Figures.count(of.at(path).number());
  }

  private static String bytes(Json of, String... path) {
    return Figures.bytes(of.at(path).number());
  }

  private static String some(String text) {
    return text.isEmpty() ? "none yet" : text;
  }

  /** An instant without what is below seconds. */
  private static String seconds(String instant) {
    return instant.replaceFirst("\\.\\d+Z$", "Z");
  }
}
