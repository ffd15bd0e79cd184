package oca.demo;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import oca.model.ApplianceId;
import oca.protocol.http.ControlClient;

/**
 * Asks every process of the demo twice a second how it is, over the listeners that an operator
 * would use, and keeps the newest picture for the page and the daily line. One thread asks; any may
 * read.
 */
final class Observer implements AutoCloseable {
  private static final long EVERY_NANOS = 500_000_000;
  private static final String NOT_HELD = "not held";

  private final World world;
  private final Library library;
  private final PlanClock calendar;
  private final InstantSource clock;
  private final Fleet fleet;
  private final DayBook book;
  private final EventLog events;
  private final ControlClient client;
  private final Map<ApplianceId, Running> sums = new HashMap<>();
  private final Map<String, Set<String>> holdersOfTitle = new TreeMap<>();
  private long originBytes;
  private int day = 1;
  private volatile boolean running = true;
  private volatile DemoState state;

  /** An appliance's answer to {@code /v1/status}, as far as the demo shows it. */
  record ApplianceView(
      String state,
      String transport,
      int connections,
      long requests,
      long servedBytes,
      StoreView store,
      FillView fill,
      long fillBytes,
      int fillQueue) {
    record StoreView(long files, long usedBytes, long capacityBytes) {}

    record FillView(boolean windowOpen, long bytesFromOrigins) {}
  }

  /** The origin's answer to {@code /v1/status}. */
  record OriginView(long servedBytes) {}

  /** Steering's answer to {@code /v1/explain}. */
  record Explanation(List<Candidate> candidates) {
    record Candidate(String appliance, String reason) {}
  }

  /**
   * One appliance's newest answer, and its fill totals carried over restarts and counted by day.
   */
  private static final class Running {
    @org.jspecify.annotations.Nullable ApplianceView view;
    long fillBytes;
    long originFillBytes;
    long fillToday;
    long originFillToday;

    void take(ApplianceView now) {
      long fetched = grown(fillBytes, now.fillBytes());
      long fromOrigin = grown(originFillBytes, now.fill().bytesFromOrigins());
      fillToday += fetched;
      originFillToday += fromOrigin;
      fillBytes = now.fillBytes();
      originFillBytes = now.fill().bytesFromOrigins();
      view = now;
    }

    /** A total that fell began anew with a restart. */
    private static long grown(long before, long now) {
      return now >= before ? now - before : now;
    }
  }

  Observer(
      World world,
      Library library,
      PlanClock calendar,
      InstantSource clock,
      Fleet fleet,
      DayBook book,
      EventLog events,
      ControlClient client) {
    this.world = world;
    this.library = library;
    this.calendar = calendar;
    this.clock = clock;
    this.fleet = fleet;
    this.book = book;
    this.events = events;
    this.client = client;
    for (World.Box box : World.BOXES) {
      sums.put(box.id(), new Running());
    }
    this.state = picture(clock.instant());
  }

  /** Begins to ask. */
  void start() {
    Thread.ofVirtual().name("observer").start(this::observe);
  }

  /** The newest picture. */
  DemoState state() {
    return state;
  }

  @Override
  public void close() {
    running = false;
  }

  private void observe() {
    while (running) {
      Instant now = clock.instant();
      turnDay(Math.max(1, calendar.day(now)));
      World.BOXES.forEach(this::askAppliance);
      askOrigin();
      library.realTitles().forEach(title -> askHolders(title.id()));
      book.filled(day, sum(sums.values(), false), sum(sums.values(), true));
      state = picture(now);
      LockSupport.parkNanos(EVERY_NANOS);
    }
  }

  private void turnDay(int today) {
    if (today != day) {
      day = today;
      for (Running running : sums.values()) {
        running.fillToday = 0;
        running.originFillToday = 0;
      }
    }
  }

  private void askAppliance(World.Box box) {
    Running sum = java.util.Objects.requireNonNull(sums.get(box.id()));
    try {
      sum.take(client.get(world.admin(box).http("v1/status"), ApplianceView.class));
    } catch (IOException e) {
      // Down or starting: the picture says so.
      sum.view = null;
    }
  }

  private void askOrigin() {
    try {
      originBytes =
          client.get(world.originAdmin().http("v1/status"), OriginView.class).servedBytes();
    } catch (IOException e) {
      events.add(calendar, "the origin does not answer: " + e.getMessage());
    }
  }

  private void askHolders(String title) {
    try {
      Set<String> holders = new TreeSet<>();
      client
          .get(world.steering().http("v1/explain?title=" + title), Explanation.class)
          .candidates()
          .stream()
          .filter(candidate -> !candidate.reason().equals(NOT_HELD))
          .forEach(candidate -> holders.add(candidate.appliance()));
      holders.removeIf(id -> World.BOXES.stream().noneMatch(box -> box.id().value().equals(id)));
      holdersOfTitle.put(title, holders);
    } catch (IOException e) {
      events.add(calendar, "steering does not answer: " + e.getMessage());
    }
  }

  private static long sum(Iterable<Running> sums, boolean fromOrigin) {
    long sum = 0;
    for (Running running : sums) {
      sum += fromOrigin ? running.originFillToday : running.fillToday;
    }
    return sum;
  }

  private DemoState picture(Instant now) {
    boolean windowOpen =
        sums.values().stream().anyMatch(sum -> sum.view != null && sum.view.fill().windowOpen());
    return new DemoState(
        Math.max(1, calendar.day(now)),
        calendar.timeOfDay(now),
        windowOpen,
        (int) calendar.length().toSeconds(),
        World.SITES.stream()
            .map(site -> new DemoState.Site(site.id().value(), site.name()))
            .toList(),
        World.BOXES.stream().map(this::appliance).toList(),
        new DemoState.Origin(world.origin().host(), world.origin().port(), originBytes),
        world.operators().http("console/").toString(),
        book.days(),
        library.realTitles().stream().map(this::title).toList(),
        events.events());
  }

  private DemoState.Appliance appliance(World.Box box) {
    Running sum = java.util.Objects.requireNonNull(sums.get(box.id()));
    ApplianceView view = sum.view;
    String stateWord = view != null ? view.state() : fleet.isUp(box.id()) ? "starting" : "down";
    List<String> titles = new ArrayList<>();
    holdersOfTitle.forEach(
        (title, holders) -> {
          if (holders.contains(box.id().value())) {
            titles.add(title);
          }
        });
    return new DemoState.Appliance(
        box.id().value(),
        box.site().value(),
        box.host(),
        world.port(),
        stateWord,
        view == null ? "" : view.transport(),
        view == null ? 0 : view.store().files(),
        view == null ? 0 : view.store().usedBytes(),
        view == null ? 0 : view.store().capacityBytes(),
        view == null ? 0 : view.servedBytes(),
        view == null ? 0 : view.fillBytes(),
        view == null ? 0 : view.requests(),
        view == null ? 0 : view.connections(),
        view == null ? 0 : view.fillQueue(),
        titles);
  }

  private DemoState.Title title(Library.RealTitle title) {
    return new DemoState.Title(
        title.id(),
        title.name(),
        title.description(),
        "/play/" + title.id() + "/master.m3u8",
        "/play/" + title.id() + "/manifest.mpd",
        List.copyOf(holdersOfTitle.getOrDefault(title.id(), Set.of())));
  }
}
