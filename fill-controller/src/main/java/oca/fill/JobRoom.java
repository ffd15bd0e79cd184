package oca.fill;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import oca.fill.fleet.FleetRegistry;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.jobs.EngineStatus;
import oca.fill.jobs.FillEngine;
import oca.fill.jobs.JobFile;
import oca.fill.jobs.JobStore;
import oca.fill.jobs.Standing;
import oca.fill.jobs.Wanted;
import oca.fill.jobs.store.JdbcJobStore;
import oca.fill.publish.ManifestBook;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.FillManifest;
import oca.protocol.FillReport;
import oca.protocol.Inventory;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wires the engine of fill jobs: the book, its loop, the routes, and a thread that enters what
 * takes long (plans, inventories) and tries again when the database was away.
 */
final class JobRoom implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobRoom.class);
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final JobsConfig config;
  private final LongSupplier nanoTime;
  private final LongSupplier plan;
  private final FleetRegistry fleet;
  private final JobStore store;
  private final FillEngine engine;
  private final EngineLoop loop;
  private final JobDesk desk;
  private final Forwarding forwarding;
  private final Semaphore work = new Semaphore(0);
  private final Thread clerk;
  private volatile boolean closed;

  /** Waiting for the clerk; under their own lock. */
  private final Map<ApplianceId, FillManifest> manifests = new HashMap<>();

  private final Set<ApplianceId> inventories = new HashSet<>();
  private final Map<ApplianceId, Long> compared = new HashMap<>();

  /**
   * Does nothing yet.
   *
   * @param plan the version of the plan in force; may block while one comes into force
   */
  JobRoom(
      FillConfig all,
      InstantSource wall,
      LongSupplier nanoTime,
      FleetRegistry fleet,
      ManifestBook book,
      LongSupplier plan,
      String listening)
      throws IOException {
    this.config = all.jobs();
    this.plan = plan;
    this.nanoTime = nanoTime;
    this.fleet = fleet;
    this.store = JdbcJobStore.open(config.source(all.database()));
    Polls polls = new Polls(config.polls());
    String address =
        (all.tls().isPresent() ? "https://" : "http://") + config.address().orElse(listening);
    this.engine =
        new FillEngine(
            address + " " + UUID.randomUUID(),
            address,
            config.settings(),
            store,
            polls,
            appliance -> mayFill(book.manifest(appliance), wall),
            nanoTime);
    this.forwarding = new Forwarding(engine, config.credentials());
    this.loop = new EngineLoop(engine);
    this.desk = new JobDesk(config, engine, polls);
    this.clerk = Thread.ofVirtual().name("fill-clerk").unstarted(this::run);
    published(book.manifests());
    book.onPublish(this::published);
  }

  void start(ControlListener listener) {
    desk.routes(listener);
    listener.route("GET", "/v1/engine", _ -> Response.message(status()));
    store.onChange(loop::changed);
    loop.start();
    clerk.start();
  }

  /**
   * What {@code GET /v1/engine} answers.
   *
   * @param fault why it does not work at present; empty when it does
   */
  record Status(String fault, long plan, EngineStatus engine) {}

  EngineStatus figures() {
    return engine.status();
  }

  Status status() {
    return new Status(loop.fault(), engine.plan(), engine.status());
  }

  /** What an appliance filled; goes to who decides for it, at once or soon. */
  void reported(FillReport report) {
    if (!forwarding.reported(report)) {
      work.release();
    }
  }

  /** Reports that reached the jobs of nobody, since the start. */
  long reportsLost() {
    return forwarding.lost();
  }

  /** What an appliance holds has changed; it is compared with its jobs soon, as it is then. */
  void inventory(ApplianceId appliance) {
    synchronized (inventories) {
      inventories.add(appliance);
    }
    work.release();
  }

  @Override
  public void close() {
    closed = true;
    work.release();
    try {
      if (!clerk.join(Duration.ofSeconds(30))) {
        log.warn("a plan is still being entered; leaving it behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.close();
    forwarding.close();
    store.close();
  }

  private void published(Collection<FillManifest> drafts) {
    synchronized (manifests) {
      drafts.forEach(draft -> manifests.put(draft.appliance(), draft));
    }
    work.release();
  }

  private void run() {
    try {
      while (!closed) {
        try {
          enterPlan();
          enterInventories();
          forwarding.again();
        } catch (IOException | RuntimeException e) {
          log.info("plans and inventories wait for the database of jobs: {}", e.getMessage());
        }
        if (work.tryAcquire(AGAIN_NANOS, TimeUnit.NANOSECONDS)) {
          work.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void enterPlan() throws IOException {
    Map<ApplianceId, FillManifest> now;
    synchronized (manifests) {
      now = Map.copyOf(manifests);
    }
    if (now.isEmpty()) {
      return;
    }
    Map<ApplianceId, Set<ContentId>> held = new HashMap<>();
    for (Member member : fleet.snapshot().members()) {
      held.put(member.id(), member.held());
    }
    List<Wanted> wanted = new ArrayList<>();
    for (FillManifest manifest : now.values()) {
      Set<ContentId> has = held.getOrDefault(manifest.appliance(), Set.of());
      int place = 0;
      for (FillManifest.Entry entry : manifest.entries()) {
        wanted.add(want(manifest.appliance(), entry, place++, has));
      }
    }
    // Above all that were before; one that comes into force again keeps its version.
    long order = store.look().plan() + 1;
    if (engine.planApplied(order, plan.getAsLong(), now.keySet(), wanted).taken()) {
      synchronized (manifests) {
        now.forEach(manifests::remove);
      }
      // A plan is made when its window opens.
      engine.opened(now.keySet());
    }
  }

  /**
   * Value by place in the manifest, which is in the order of value: halved with each doubling, so
   * that a title that comes in between does not change all behind it.
   */
  private static Wanted want(
      ApplianceId appliance, FillManifest.Entry entry, int place, Set<ContentId> held) {
    JobFile file = new JobFile(entry.file().path(), entry.file().sha256(), entry.file().length());
    double value = Math.scalb(1.0, -(31 - Integer.numberOfLeadingZeros(place + 1)));
    return new Wanted(
        appliance, file, value, deadline(entry.due()), held.contains(entry.file().id()));
  }

  private static long deadline(@Nullable Instant due) {
    return due == null ? Standing.NO_DEADLINE : due.toEpochMilli();
  }

  private void enterInventories() throws IOException {
    List<ApplianceId> due = new ArrayList<>();
    long now = nanoTime.getAsLong();
    synchronized (inventories) {
      for (ApplianceId appliance : inventories) {
        Long last = compared.get(appliance);
        if (last == null || now - last >= config.inventories().toNanos()) {
          due.add(appliance);
        }
      }
    }
    for (ApplianceId appliance : due) {
      synchronized (inventories) {
        inventories.remove(appliance);
      }
      try {
        Optional<Inventory> inventory = fleet.inventory(appliance);
        if (inventory.isPresent()) {
          forwarding.inventory(inventory.get());
        }
      } catch (IOException | RuntimeException e) {
        inventory(appliance);
        throw e;
      }
      synchronized (inventories) {
        compared.put(appliance, now);
      }
    }
  }

  /** Whose manifest is not here is planned for by another controller, and minds its window. */
  private static boolean mayFill(Optional<FillManifest> manifest, InstantSource wall) {
    return manifest.isEmpty() || manifest.get().window().isOpen(wall.instant());
  }
}
