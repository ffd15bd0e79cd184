package oca.operate;

import java.io.IOException;
import java.util.Set;
import oca.protocol.Json;

/** What steering knows of routes, asked and shown. */
final class RoutePages {
  /** States of BGP sessions, BMP routers and dumps in which they tell routes. */
  private static final Set<String> WELL = Set.of("established", "connected", "read");

  private RoutePages() {}

  /** What is known of an address or a prefix. */
  static Json ask(Door door, String what) throws IOException {
    String as = what.contains("/") ? "prefix=" : "address=";
    return door.get("/v1/routes?" + as + ExplainCommand.encoded(what));
  }

  /** Shows that; the exit status is 1 when nothing in the table contains it. */
  static int show(OutputOptions output, Json answer) {
    boolean isKnown = !answer.at("match").text().equals("none");
    if (output.isJson()) {
      output.print(answer);
      return isKnown ? Exit.GOOD : Exit.ATTENTION;
    }
    Page page = output.page();
    page.title(answer.at("asked").text() + (isKnown ? " is in " + answer.at("match").text() : ""));
    if (!isKnown) {
      page.line("", "no network contains it: it is sent to the origin");
    }
    Table sites = new Table("SITE", ">PLACE", ">AS HOPS", ">MED", "TOLD BY");
    for (Json site : answer.at("sites").items()) {
      sites.row(
          site.at("site").text(),
          site.at("tier").text(),
          site.at("asPathLength").text(),
          site.at("med").text(),
          site.at("view").text());
    }
    print(sites, output);
    Table paths = new Table("PREFIX", "SITE", ">AS HOPS", "TOLD BY", "STANDING");
    for (Json path : answer.at("paths").items()) {
      paths.row(
          path.at("prefix").text(),
          path.at("site").text(),
          path.at("asPathLength").text(),
          path.at("view").text(),
          path.at("standing").text());
    }
    print(paths, output);
    Table inside = new Table("WITHIN IT", "SITES");
    for (Json one : answer.at("inside").items()) {
      inside.row(
          one.at("prefix").text(),
          String.join(
              ", ", one.at("sites").items().stream().map(it -> it.at("site").text()).toList()));
    }
    print(inside, output);
    if (answer.at("more").isTrue()) {
      page.line("", "and more than is shown");
    }
    output.out().flush();
    return isKnown ? Exit.GOOD : Exit.ATTENTION;
  }

  /** Shows all that routes are learnt from; the exit status is 1 when a session is down. */
  static int showViews(OutputOptions output, Json report) {
    boolean isWell = report.at("peers").items().stream().noneMatch(RoutePages::isDown);
    if (output.isJson()) {
      output.print(report);
      return isWell ? Exit.GOOD : Exit.ATTENTION;
    }
    Page page = output.page();
    Json table = report.at("table");
    page.title(
        "%s prefixes from %s paths, compiled %s times, last in %s ms"
            .formatted(
                Figures.count(table.at("prefixes").number()),
                Figures.count(table.at("paths").number()),
                Figures.count(table.at("compilations").number()),
                table.at("lastCompileMillis").text()));
    Table views = new Table("VIEW", "SITE", "STATE", ">PATHS", ">STALE", "STEERS");
    for (Json view : report.at("views").items()) {
      views.row(
          view.at("view").text(),
          view.at("site").text(),
          view.at("state").text(),
          Figures.count(view.at("paths").number()),
          Figures.count(view.at("stale").number()),
          view.at("steers").isTrue() ? "yes" : "no");
    }
    print(views, output);
    Table peers = new Table("PEER", "SITE", "STATE", ">IPV4", ">IPV6", "SINCE", "LAST ERROR");
    for (Json peer : report.at("peers").items()) {
      peers.row(
          peer.at("source").text() + " " + peer.at("peer").text(),
          peer.at("site").text(),
          peer.at("state").text(),
          Figures.count(peer.at("prefixesV4").number()),
          Figures.count(peer.at("prefixesV6").number()),
          peer.at("since").text("-").replaceFirst("\\.\\d+Z$", "Z"),
          peer.at("lastError").text());
    }
    print(peers, output);
    if (report.at("more").isTrue()) {
      page.line("", "and more than is shown");
    }
    output.out().flush();
    return isWell ? Exit.GOOD : Exit.ATTENTION;
  }

  static boolean isDown(Json peer) {
    return !WELL.contains(peer.at("state").text());
  }

  private static void print(Table table, OutputOptions output) {
    if (!table.isEmpty()) {
      table.print(output.out(), output.style(), "  ");
    }
  }
}
