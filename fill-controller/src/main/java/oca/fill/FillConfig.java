package oca.fill;

import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.config.ByteSize;
import oca.config.Default;
import oca.config.Live;
import oca.config.ShortForm;
import oca.fill.day.DayScale;
import oca.fill.day.FillCalendar;
import oca.fill.day.FillCalendars;
import oca.fill.demand.Regions;
import oca.fill.forecast.Forecaster;
import oca.fill.intake.IntakeConfig;
import oca.fill.placement.PlacementPlanner;
import oca.fill.publish.FlowRules;
import oca.fill.ready.Readiness;
import oca.fill.release.ReleasesConfig;
import oca.fill.trigger.TriggerConfig;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.flight.FlightConfig;
import oca.protocol.http.ConnectionLimits;
import oca.protocol.http.ListenerTls;

/**
 * What the operator sets for the controller.
 *
 * @param listen where appliances and operators reach it
 * @param database its memory; H2 adds {@code .mv.db} to the name. With {@code state.jdbcUrl} only
 *     what is kept beside it, such as the jobs
 * @param origin the publisher
 * @param regions viewers' networks and the sites near to them
 * @param excluded prefixes of appliances and monitors, whose requests are nobody's demand
 * @param window when appliances may fill, in plan time
 * @param day how long 24 hours of plan time last on the wall. 1 day in production; a laboratory may
 *     compress it, to 30 s say: demand is then counted, forecast and planned per 30 s, and windows
 *     open every 30 s
 * @param dayStarts a wall instant at which a day of the plan begins, that is local midnight in plan
 *     time; without it plan time is wall time, or with a compressed day runs from 2026-01-01
 * @param fillRate what an appliance may fetch per second of wall time
 * @param forecast how demand becomes expectation
 * @param placement how expectation becomes placement
 * @param plans what becomes of plans
 * @param lease how old the newest heartbeat of a living appliance may be, in wall time
 * @param settle how long no appliance must have appeared before a plan is made, in wall time, so
 *     that a fleet that starts together is planned for together
 * @param connections how many are taken, and for how long
 * @param tls to speak TLS on {@code listen}, and nothing else; absent, HTTP in the clear
 * @param triggers what content owners may ask for (RFC 8007)
 * @param live when a title is live
 * @param flow who fetches from whom, what links carry, and windows of single sites
 * @param jobs the book of fill jobs, and how they are handed out
 * @param diagnose the flight recording, kept when the process stands still
 * @param causes how it is found out why bytes did not come from the nearest site
 * @param viewers what is kept of what viewers get, and when that is not as it should be
 * @param records where records come from besides posts
 * @param ledger the signed ledger of each day
 * @param fanOut how changes of catalogue and manifests are told
 * @param state a PostgreSQL in place of {@code database}
 * @param limits what may grow how far
 */
public record FillConfig(
    @Default("127.0.0.1:8450") Endpoint listen,
    Path database,
    Origin origin,
    List<Region> regions,
    List<String> excluded,
    @Live @Default("{}") Window window,
    @Default("1d") Duration day,
    Optional<Instant> dayStarts,
    @Live @Default("150MB") ByteSize fillRate,
    @Default("{}") Forecast forecast,
    @Live @Default("{}") PlacementConfig placement,
    @Default("{}") PlansConfig plans,
    @Default("10s") Duration lease,
    @Default("2s") Duration settle,
    @Default("{}") ConnectionLimits connections,
    Optional<ListenerTls> tls,
    @Default("{}") TriggerConfig triggers,
    @Default("{}") Readiness live,
    @Default("{}") FlowConfig flow,
    @Default("{}") JobsConfig jobs,
    @Default("{}") FlightConfig diagnose,
    @Default("{}") CausesConfig causes,
    @Default("{}") ViewersConfig viewers,
    @Default("{}") IntakeConfig records,
    @Default("{}") LedgerConfig ledger,
    @Default("{}") FanOutConfig fanOut,
    @Default("{}") StateConfig state,
    @Default("{}") Limits limits) {

  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 1);

  public FillConfig {
    require(fillRate.bytes() > 0, "fillRate must be above zero");
    require(!lease.isZero(), "lease must be above zero");
    Set<SiteId> ids = new HashSet<>();
    for (Region region : regions) {
      require(ids.add(region.id()), "the region " + region.id() + " is listed twice");
    }
    for (PlacementConfig.Pinned pinned : placement.pinned()) {
      for (SiteId region : pinned.regions()) {
        require(ids.contains(region), "pinned to the region " + region + ", which regions lacks");
      }
    }
    require(
        state.jdbcUrl().isEmpty() || plans.key().isPresent(),
        "state.jdbcUrl needs plans.key, a key that each controller of the schema has: what one"
            + " signed the next one has to believe");
    regions(regions, excluded);
    scale(day, dayStarts, window.zone());
  }

  /**
   * The publisher.
   *
   * @param catalog answers GET with a catalogue and, to save transfers, an ETag
   * @param content the bytes of a file are at this URI followed by its path; also a bucket that
   *     appliances know by {@code fill.s3}
   * @param interval how often the catalogue is asked for, in wall time
   */
  public record Origin(URI catalog, URI content, @Default("30s") Duration interval) {
    public Origin {
      require(
          isHttp(catalog) && (isHttp(content) || isBucket(content)),
          "catalog must be an http(s) URI, and content one or as s3://BUCKET/PREFIX/");
      require(!interval.isZero(), "interval must be above zero");
    }

    /** {@code content} with a slash at its end. */
    URI base() {
      String text = content.toString();
      return text.endsWith("/") ? content : URI.create(text + "/");
    }

    private static boolean isBucket(URI uri) {
      return "s3".equals(uri.getScheme())
          && uri.getRawAuthority() != null
          && uri.getRawAuthority().matches("[a-z0-9.-]{3,63}");
    }

    private static boolean isHttp(URI uri) {
      return uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    }
  }

  /**
   * A network of viewers.
   *
   * @param id its name, in plans and metrics
   * @param prefixes as {@code 10.1.0.0/16} or {@code 2001:db8::/32}; of overlapping prefixes the
   *     longest counts. Serve records name a client by its first 24 (IPv4) or 48 (IPv6) bits, so
   *     longer prefixes never match more than one network
   * @param sites near to it, one or more; they share its demand
   */
  public record Region(SiteId id, List<String> prefixes, List<SiteId> sites) {
    public Region {
      require(!sites.isEmpty(), "the region " + id + " has no sites; name one or more");
    }
  }

  /**
   * A daily window in plan time.
   *
   * @param opens the first moment at which clocks show so much or later
   * @param closes not after {@code opens} means on the next day
   * @param zone of both; also decides when a day begins
   */
  @ShortForm("02:00-14:00 Europe/Berlin")
  public record Window(
      @Default("\"02:00\"") LocalTime opens,
      @Default("\"14:00\"") LocalTime closes,
      @Default("UTC") ZoneId zone) {
    private static final Pattern WRITTEN =
        Pattern.compile("(\\d\\d:\\d\\d)\\s*-\\s*(\\d\\d:\\d\\d)(?:\\s+(\\S+))?");

    /**
     * Reads {@code 02:00-14:00 Europe/Berlin}; without a zone it is in UTC.
     *
     * @throws IllegalArgumentException when it is not of this form
     */
    static Window parse(String text) {
      Matcher matcher = WRITTEN.matcher(text.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "not a window such as 02:00-14:00 Europe/Berlin: " + text);
      }
      String zone = matcher.group(3);
      try {
        return new Window(
            LocalTime.parse(matcher.group(1)),
            LocalTime.parse(matcher.group(2)),
            ZoneId.of(zone == null ? "UTC" : zone));
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            "not a window such as 02:00-14:00 Europe/Berlin: " + text + "; " + e.getMessage(), e);
      }
    }
  }

  /**
   * How demand becomes expectation.
   *
   * @param horizon over how many of the coming days a forecast is the mean, 1 to 28; what is
   *     fetched is to pay for itself within them. 0 has the controller follow, in each region, the
   *     horizon that would have served most over the days kept
   * @param hysteresis what a title must exceed one that is in place by, 1 or more
   * @param calendar a CSV file of releases, {@code file,release_period,kind[,prior]}: paths or
   *     titles of the catalogue, times of plan time in UTC; read again when it changes
   * @param releases how many may be announced over HTTP; of a file that both name they count
   */
  public record Forecast(
      @Live @Default("0") int horizon,
      @Live @Default("1.3") double hysteresis,
      Optional<Path> calendar,
      @Default("{}") ReleasesConfig releases) {
    public Forecast {
      new Forecaster(horizon);
      new PlacementPlanner.Rules(1, 1, 1, 0, hysteresis);
    }
  }

  /**
   * What may grow how far; what comes beyond is refused or forgotten, and counted.
   *
   * @param historyDays days of plan time of which demand is kept
   * @param apartRows cells of demand without a known file or region that are kept
   * @param sequencesPerBoot how far back a repeated batch of serve records is recognised
   * @param fillResults how many results of filling are remembered
   * @param appliances how many may be in the fleet
   * @param catalogFiles how many a catalogue may list
   */
  public record Limits(
      @Default("28") int historyDays,
      @Default("10000") int apartRows,
      @Default("1024") int sequencesPerBoot,
      @Default("10000") int fillResults,
      @Default("10000") int appliances,
      @Default("1000000") int catalogFiles) {
    public Limits {
      require(historyDays >= 1 && historyDays <= 400, "historyDays must be 1 to 400");
      require(apartRows >= 0, "apartRows must be 0 or more");
      require(sequencesPerBoot >= 1, "sequencesPerBoot must be 1 or more");
      require(fillResults >= 1, "fillResults must be 1 or more");
      require(appliances >= 1, "appliances must be 1 or more");
      require(catalogFiles >= 1, "catalogFiles must be 1 or more");
    }
  }

  /** Wall time to plan time. */
  public DayScale scale() {
    return scale(day, dayStarts, window.zone());
  }

  FillCalendar calendar() {
    return new FillCalendar(window.opens(), window.closes(), window.zone());
  }

  /** When {@code site} may fill. */
  FillCalendars calendars(SiteId site) {
    return flow.calendars(site, calendar());
  }

  FlowRules flowRules() {
    return flow.rules(day, fillRate.bytes());
  }

  /** Where viewers are. */
  public Regions demandRegions() {
    return regions(regions, excluded);
  }

  Map<SiteId, List<SiteId>> sitesOfRegion() {
    Map<SiteId, List<SiteId>> sites = new TreeMap<>();
    regions.forEach(region -> sites.put(region.id(), region.sites()));
    return sites;
  }

  PlacementPlanner.Rules rules() {
    return new PlacementPlanner.Rules(
        placement.minCopies(),
        placement.maxCopiesPerSite(),
        placement.spread(),
        placement.reserve(),
        forecast.hysteresis(),
        placement.headShare(),
        placement.balance());
  }

  private static DayScale scale(Duration day, Optional<Instant> dayStarts, ZoneId zone) {
    Instant first = FIRST_DAY.atStartOfDay(zone).toInstant();
    return dayStarts
        .map(at -> new DayScale(at, midnight(at, zone), day))
        .orElseGet(() -> new DayScale(first, first, day));
  }

  private static Instant midnight(Instant at, ZoneId zone) {
    return at.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
  }

  private static Regions regions(List<Region> regions, List<String> excluded) {
    Map<SiteId, List<String>> prefixes = new LinkedHashMap<>();
    regions.forEach(region -> prefixes.put(region.id(), region.prefixes()));
    return new Regions(prefixes, excluded);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
