package oca.bench.fleet;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import oca.bench.fleet.Figures.Kind;
import oca.protocol.Wire;

/** Has the fleet grow, waits until it has settled, and measures. For one thread. */
final class Ramp implements AutoCloseable {
  private static final int PER_SECOND = 500;
  private static final int CONNECTIONS = 64;
  private static final int PATIENCE_MILLIS = 120_000;
  private static final double LOOK_SECONDS = 5;

  /** Steering's fleet, of which only this is read. */
  record Fleet(List<Line> appliances) {
    record Line(
        String appliance, String standing, long leaseAgeMillis, long knownInventoryVersion) {}
  }

  private final Layout layout;
  private final SimulatedAppliance.Habits habits;
  private final Services services;
  private final long seed;
  private final PrintWriter out;
  private final Figures figures = new Figures();
  private final List<SimulatedAppliance> appliances = new ArrayList<>();
  private final Exchange steering;
  private final Exchange controller;
  private final Viewers viewers;
  private final Optional<Topic> topic;

  Ramp(
      Layout layout,
      SimulatedAppliance.Habits habits,
      Services services,
      long seed,
      PrintWriter out)
      throws IOException {
    this.layout = layout;
    this.habits = habits;
    this.services = services;
    this.seed = seed;
    this.out = out;
    this.steering = new Exchange(services.steering(), layout.address(0));
    this.controller = new Exchange(services.controller(), layout.address(0));
    this.topic = services.topic();
    this.viewers = new Viewers(layout, figures, services.steering());
  }

  void viewers(int perSecond) {
    viewers.start(perSecond, CONNECTIONS, ~seed);
  }

  FleetReport.Step step(int size, double patience, double seconds)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    grow(size);
    int unsettled = settle(begun, patience);
    double joined = since(begun);
    long planned = System.nanoTime();
    String plan = plan();
    double planSeconds = plan.startsWith("200") ? since(planned) : -since(planned);
    // Manifests of that plan are pulled in what is measured.
    var _ = figures.take();
    var _ = figures.takeRefusals();
    var _ = figures.takeLateP99();
    Services.Spent before = services.spent();
    long start = System.nanoTime();
    int silent = 0;
    long oldest = 0;
    while (since(start) < seconds) {
      Thread.sleep((long) (1000 * Math.min(LOOK_SECONDS, Math.max(0.1, seconds - since(start)))));
      for (Fleet.Line line : fleet().appliances()) {
        silent += line.standing().equals("alive") ? 0 : 1;
        oldest = Math.max(oldest, line.leaseAgeMillis());
      }
    }
    Services.Spent after = services.spent();
    double measured = (after.nanos() - before.nanos()) / 1e9;
    Map<Kind, Figures.Seen> seen = figures.take();
    Database.Work work = after.work().since(before.work());
    return new FleetReport.Step(
        size,
        Math.min(size, layout.sites()),
        joined,
        unsettled,
        measured,
        services.uses(before, after),
        seen,
        figures.takeRefusals(),
        figures.takeLateP99(),
        planSeconds,
        plan,
        appliances.stream().mapToInt(SimulatedAppliance::manifestFiles).average().orElse(0),
        manifestBytes(),
        silent,
        oldest,
        lag(),
        work.transactions() / measured,
        work.rowsWritten() / measured);
  }

  @Override
  public void close() {
    viewers.close();
    appliances.forEach(SimulatedAppliance::close);
    topic.ifPresent(Topic::close);
    steering.close();
    controller.close();
  }

  private void grow(int size) throws InterruptedException {
    while (appliances.size() < size) {
      SimulatedAppliance next =
          new SimulatedAppliance(
              appliances.size(),
              layout,
              habits,
              figures,
              topic,
              services.steering(),
              services.controller(),
              seed);
      next.start();
      appliances.add(next);
      if (appliances.size() % (PER_SECOND / 10) == 0) {
        Thread.sleep(100);
      }
    }
  }

  /** Waits until all are known, with what they hold, and have a manifest; how many are not. */
  private int settle(long begun, double patience) throws IOException, InterruptedException {
    int left = appliances.size();
    while (left > 0 && since(begun) < patience) {
      Thread.sleep(1000);
      Set<String> known = new HashSet<>();
      for (Fleet.Line line : fleet().appliances()) {
        if (line.knownInventoryVersion() >= 0) {
          known.add(line.appliance());
        }
      }
      left = appliances.size() - known.size();
      int unplanned = (int) appliances.stream().filter(it -> it.manifestVersion() == 0).count();
      left = Math.max(left, unplanned);
      out.printf(
          "%6.1f s: %d of %d known with what they hold, %d without a manifest%n",
          since(begun), known.size(), appliances.size(), unplanned);
      out.flush();
    }
    return left;
  }

  private String plan() {
    try {
      Exchange.Answer answer = controller.post("/v1/plan", new byte[0], PATIENCE_MILLIS);
      return answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "failed: " + e.getMessage();
    }
  }

  private double manifestBytes() throws IOException {
    double bytes = 0;
    int asked = 0;
    for (int i = 0; i < appliances.size(); i += Math.max(1, appliances.size() / 20)) {
      Exchange.Answer answer =
          controller.get("/v1/manifests/" + layout.appliance(i), "", PATIENCE_MILLIS);
      bytes += answer.isGood() ? answer.body().length : 0;
      asked++;
    }
    return bytes / Math.max(1, asked);
  }

  /** Messages that wait for the controller, by its own word; -1 when it does not know. */
  private double lag() throws IOException {
    Exchange.Answer answer = controller.get("/metrics", "", PATIENCE_MILLIS);
    return new String(answer.body(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("oca_controller_intake_lag"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(-1);
  }

  private Fleet fleet() throws IOException {
    Exchange.Answer answer = steering.get("/v1/fleet", "", PATIENCE_MILLIS);
    if (!answer.isGood()) {
      throw new IOException("steering tells nothing of the fleet: " + answer.status());
    }
    return Wire.read(answer.body(), Fleet.class);
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
