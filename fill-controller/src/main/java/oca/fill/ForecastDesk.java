package oca.fill;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import oca.fill.catalog.CatalogView;
import oca.fill.demand.DemandLedger;
import oca.fill.evaluate.Rehearsal;
import oca.fill.fleet.FleetRegistry;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.forecast.Forecast;
import oca.fill.forecast.Forecaster;
import oca.model.SiteId;
import oca.protocol.FillManifest.FillWindow;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;

/**
 * Makes forecasts of the demand that the ledger keeps and of the release calendar, and keeps score
 * of them: unless {@code forecast.horizon} is fixed, each region follows the expert that would have
 * served most over the days kept, of disks as large as those that are there. Any thread; one
 * forecast at a time.
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>GET /v1/forecast</td><td>{@link Answer}</td></tr>
 * </table>
 */
final class ForecastDesk {
  /**
   * The newest forecast.
   *
   * @param planTime for which it was made; absent before the first
   * @param pairs of file and region of which more is expected than of any file
   * @param horizon as it is set; 0 when regions follow the best
   * @param regions how the experts would have done in each
   */
  record Answer(
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant planTime,
      int pairs,
      int horizon,
      Map<String, Rehearsal.Score> regions) {}

  /** A forecast, and of what. */
  private record Made(
      CatalogView view, Instant planTime, Forecast forecast, Map<String, Rehearsal.Score> scores) {
    boolean isOf(CatalogView asked, Instant planNow) {
      return view.equals(asked) && hour(planTime) == hour(planNow);
    }
  }

  private final Supplier<FillConfig> config;
  private final DemandLedger demand;
  private final ReleaseCalendar releases;
  private final FleetRegistry fleet;
  private final Function<SiteId, FillWindow> windows;
  private volatile @Nullable Made newest;

  /** A desk; {@code windows} tells when a site may fill next, in wall time. */
  ForecastDesk(
      Supplier<FillConfig> config,
      DemandLedger demand,
      ReleaseCalendar releases,
      FleetRegistry fleet,
      Function<SiteId, FillWindow> windows) {
    this.config = config;
    this.demand = demand;
    this.releases = releases;
    this.fleet = fleet;
    this.windows = windows;
  }

  void routes(ControlListener listener) {
    listener.route("GET", "/v1/forecast", _ -> Response.message(answer()));
  }

  private Answer answer() {
    Made made = newest;
    int horizon = config.get().forecast().horizon();
    return made == null
        ? new Answer(null, 0, horizon, Map.of())
        : new Answer(made.planTime(), made.forecast().size(), horizon, made.scores());
  }

  /**
   * What is expected from here, by all that is known now.
   *
   * @throws IOException when the ledger cannot be read
   */
  synchronized Forecast anew(CatalogView view, Instant planNow) throws IOException {
    Rehearsal rehearsal = new Rehearsal(this::disk, config.get().forecast().hysteresis());
    Forecast forecast =
        new Forecaster(config.get().forecast().horizon())
            .forecast(
                Math.floorDiv(planNow.getEpochSecond(), 86_400L),
                offered(view),
                config.get().sitesOfRegion().keySet(),
                past(planNow),
                releases.announced(view, planNow),
                rehearsal);
    Map<String, Rehearsal.Score> scores = new TreeMap<>();
    rehearsal.scores().forEach((region, score) -> scores.put(region.value(), score));
    newest = new Made(view, planNow, forecast, scores);
    return forecast;
  }

  /** The newest forecast, when it is of this catalogue and hour; else a new one. */
  synchronized Forecast forecast(CatalogView view, Instant planNow) throws IOException {
    Made made = newest;
    return made != null && made.isOf(view, planNow) ? made.forecast() : anew(view, planNow);
  }

  private static long hour(Instant planTime) {
    return Math.floorDiv(planTime.getEpochSecond(), 3600L);
  }

  private List<Forecaster.Observation> past(Instant planNow) throws IOException {
    return demand.history(planNow).stream()
        .map(
            day -> new Forecaster.Observation(day.file(), day.region(), day.daysAgo(), day.bytes()))
        .toList();
  }

  private static List<Forecaster.Offered> offered(CatalogView view) {
    List<Forecaster.Offered> files = new ArrayList<>();
    view.titles().values().stream()
        .flatMap(List::stream)
        .filter(file -> !view.isBlockList(file))
        .forEach(
            file -> {
              String rung = file.path().substring(file.path().lastIndexOf('/') + 1);
              files.add(new Forecaster.Offered(file.id(), file.length(), file.title(), rung));
            });
    return files;
  }

  /** The disk of a region's average site that is there, without copies and reserve. */
  private Rehearsal.Disk disk(SiteId region) {
    List<SiteId> near = config.get().sitesOfRegion().getOrDefault(region, List.of());
    Set<SiteId> sites = new HashSet<>();
    double bytes = 0;
    double budget = 0;
    for (Member member : fleet.snapshot().alive()) {
      if (near.contains(member.site())) {
        sites.add(member.site());
        bytes += member.capacityBytes();
        FillWindow window = windows.apply(member.site());
        double seconds = Duration.between(window.opens(), window.closes()).toMillis() / 1e3;
        budget += config.get().fillRate().bytes() * seconds;
      }
    }
    double parts = Math.max(1, sites.size()) * (double) config.get().placement().minCopies();
    return new Rehearsal.Disk(
        (long) (bytes * (1 - config.get().placement().reserve()) / parts), (long) (budget / parts));
  }
}
