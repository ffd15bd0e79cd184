package oca.fill;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.fill.demand.Regions;
import oca.fill.fleet.FleetRegistry;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.viewers.Concern.Finding;
import oca.fill.viewers.Concern.Level;
import oca.fill.viewers.Concerns;
import oca.fill.viewers.Tolerance;
import oca.fill.viewers.ViewerFigure;
import oca.fill.viewers.ViewerFigures;
import oca.fill.viewers.ViewerReport;
import oca.model.SiteId;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;

/**
 * What viewers get, and what a person should look after.
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>GET /v1/viewers</td><td>{@link ViewersAnswer}: {@code over=1m} how far the figures of
 *       now go back, {@code back=15m} the series, {@code site=} of one site only, {@code
 *       format=csv} the series</td></tr>
 * </table>
 *
 * <p>Nothing of it is kept over a restart. Safe on any thread, one at a time.
 */
final class ViewersDesk {
  private static final Pattern TIME = Pattern.compile("(\\d{1,5})([smh])");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int NAMED = 5;

  /** The status, which may need the database. */
  interface StatusSource {
    FillStatus status() throws IOException;
  }

  private final InstantSource wall;
  private final FleetRegistry fleet;
  private final Regions regions;
  private final StatusSource status;
  private final Tolerance tolerance;
  private final ViewerFigures figures;
  private final Concerns concerns = new Concerns();

  ViewersDesk(
      ViewersConfig config,
      InstantSource wall,
      FleetRegistry fleet,
      Regions regions,
      StatusSource status) {
    this.wall = wall;
    this.fleet = fleet;
    this.regions = regions;
    this.status = status;
    this.tolerance = config.tolerance();
    this.figures = new ViewerFigures(config.limits());
  }

  void routes(ControlListener listener) {
    listener.route("GET", "/v1/viewers", this::viewers);
  }

  /** Takes what a server sent, once; appliances and monitors are no viewers. */
  void take(ServeRecords batch) {
    String site = fleet.site(batch.server()).map(SiteId::value).orElse(ViewerFigures.OTHERS);
    Instant now = wall.instant();
    synchronized (this) {
      for (ServeRecord record : batch.records()) {
        if (!(regions.of(record.client()) instanceof Regions.Origin.Excluded)) {
          figures.take(site, record, now);
        }
      }
    }
  }

  synchronized ViewerFigure total() {
    return figures.total();
  }

  private Response viewers(Request request) throws IOException {
    Duration over = time(request, "over", "1m");
    Duration back = time(request, "back", "15m");
    String site = request.parameter("site").orElse("");
    String format = request.parameter("format").orElse("json");
    if (!format.equals("json") && !format.equals("csv")) {
      throw new IllegalArgumentException("format must be json or csv, not " + format);
    }
    List<Finding> found = services(status.status());
    Instant now = wall.instant();
    synchronized (this) {
      ViewerReport report = figures.report(now, over, back, site);
      if (format.equals("csv")) {
        return Response.bytes("text/csv; charset=utf-8", report.csv())
            .with("Content-Disposition", "attachment; filename=viewers.csv");
      }
      figures
          .report(now, MINUTE, MINUTE, "")
          .sites()
          .forEach(one -> found.addAll(tolerance.findings(one)));
      return Response.message(
          new ViewersAnswer(
              report,
              concerns.of(found, now),
              map(),
              new ViewersAnswer.Left(figures.old(), figures.future(), figures.folded())));
    }
  }

  private List<ViewersAnswer.Place> map() {
    Map<String, List<ViewersAnswer.Machine>> sites = new TreeMap<>();
    for (FleetSnapshot.Member member : fleet.snapshot().members()) {
      sites
          .computeIfAbsent(member.site().value(), _ -> new ArrayList<>())
          .add(new ViewersAnswer.Machine(member.id().value(), member.alive()));
    }
    List<ViewersAnswer.Place> places = new ArrayList<>();
    sites.forEach((site, machines) -> places.add(new ViewersAnswer.Place(site, machines)));
    return places;
  }

  private static List<Finding> services(FillStatus status) {
    List<Finding> found = new ArrayList<>();
    Map<String, List<String>> silent = new TreeMap<>();
    for (FillStatus.ApplianceLine line : status.appliances()) {
      if (!line.alive()) {
        silent.computeIfAbsent(line.site(), _ -> new ArrayList<>()).add(line.id());
      }
    }
    silent.forEach(
        (site, names) ->
            found.add(
                new Finding(
                    "silent " + site,
                    Level.VIEWERS,
                    "silent at " + site + ": " + some(names),
                    "oca status there; systemctl status oca-server, and its network",
                    "tonight")));
    if (!status.plan().problem().isEmpty()) {
      found.add(
          new Finding(
              "plan",
              Level.SOON,
              "no plan can be made: " + status.plan().problem(),
              "what was planned last stays in force; cure what it names",
              "tonight"));
    }
    if (!status.plans().alert().isEmpty()) {
      found.add(
          new Finding(
              "plan waits",
              Level.SOON,
              status.plans().alert(),
              "oca fill diff shows what it would take away, oca fill apply lets it",
              "tonight"));
    }
    if (!status.catalog().problem().isEmpty()) {
      found.add(
          new Finding(
              "catalogue",
              Level.SOON,
              "the catalogue stays at version "
                  + status.catalog().version()
                  + ": "
                  + status.catalog().problem(),
              "have the publisher cure it; new titles are not planned for until then",
              "titles"));
    }
    if (!status.calendar().problem().isEmpty()) {
      found.add(
          new Finding(
              "calendar",
              Level.SOON,
              "the release calendar is not the newest: " + status.calendar().problem(),
              "cure the file it names; releases of it are not prepared for until then",
              "tonight"));
    }
    return found;
  }

  private static String some(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    return names.size() > NAMED ? first + " and " + (names.size() - NAMED) + " more" : first;
  }

  private static Duration time(Request request, String name, String otherwise) {
    String text = request.parameter(name).orElse(otherwise);
    Matcher told = TIME.matcher(text);
    if (!told.matches()) {
      throw new IllegalArgumentException(name + " must be such as 30s, 15m or 1h, not " + text);
    }
    long number = Long.parseLong(told.group(1));
    return Duration.ofSeconds(
        switch (told.group(2)) {
          case "s" -> number;
          case "m" -> number * 60;
          default -> number * 3600;
        });
  }
}
