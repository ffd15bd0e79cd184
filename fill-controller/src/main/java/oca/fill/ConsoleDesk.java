package oca.fill;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import oca.fill.console.FillConsole;
import oca.fill.console.StatusEvents;
import oca.fill.fleet.FleetRegistry;
import oca.model.SiteId;
import oca.protocol.Wire;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;

/**
 * What the console page is made of: its files, the status as events, and the calendar of windows.
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>GET /console/</td><td>the page</td></tr>
 *   <tr><td>GET /v1/events</td><td>{@link FillStatus} as server-sent events</td></tr>
 *   <tr><td>GET /v1/calendar?days=</td><td>{@link FillWeek}; 7 days unless told</td></tr>
 * </table>
 */
final class ConsoleDesk implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Supplier<FillConfig> config;
  private final InstantSource wall;
  private final FleetRegistry fleet;
  private final StatusEvents events;
  private final FillConsole page = new FillConsole();

  ConsoleDesk(
      Supplier<FillConfig> config,
      InstantSource wall,
      FleetRegistry fleet,
      StatusReporter reporter) {
    this.config = config;
    this.wall = wall;
    this.fleet = fleet;
    this.events =
        new StatusEvents(() -> new String(Wire.write(reporter.status()), StandardCharsets.UTF_8));
  }

  void routes(ControlListener listener) {
    page.addTo(listener);
    events.addTo(listener);
    listener.route("GET", "/v1/calendar", this::calendar);
  }

  void start() {
    events.start(INTERVAL);
  }

  @Override
  public void close() {
    events.close();
  }

  private Response calendar(Request request) {
    String days = request.parameter("days").orElse("7");
    if (!days.matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException("days must be a number, not " + days);
    }
    Set<SiteId> sites = new TreeSet<>();
    config.get().regions().forEach(region -> sites.addAll(region.sites()));
    fleet.snapshot().members().forEach(member -> sites.add(member.site()));
    return Response.message(
        FillWeek.of(
            wall.instant(),
            Integer.parseInt(days),
            config.get().scale(),
            sites,
            site -> config.get().calendars(site)::at));
  }
}
