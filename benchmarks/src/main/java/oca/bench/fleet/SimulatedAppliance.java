package oca.bench.fleet;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import oca.bench.fleet.Figures.Kind;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.FillManifest;
import oca.protocol.FillReport;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.InventoryDelta;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.Wire;
import oca.protocol.WireException;
import oca.server.vitals.HeldJournal;

/**
 * One appliance as the control plane sees it: a heart for each service, what is held as it is asked
 * for, its manifest, which it carries out a file at a time, its reports and its serve records.
 * Three virtual threads, and one more while it tells what it holds.
 */
final class SimulatedAppliance implements AutoCloseable {
  private static final long SECOND = 1_000_000_000;
  private static final int BEAT_MILLIS = 1000;
  private static final int PATIENCE_MILLIS = 30_000;
  private static final double JITTER = 0.1;
  private static final String BOOT = "boot-1";

  /**
   * How appliances go about it.
   *
   * @param manifestSeconds between two looks at the manifest
   * @param fillSeconds that a file takes
   * @param recordsSeconds between two batches of serve records
   * @param recordsPerBatch in each
   * @param library files held from before
   * @param slots files of a plan that there is room for
   */
  record Habits(
      double manifestSeconds,
      double fillSeconds,
      double recordsSeconds,
      int recordsPerBatch,
      int library,
      int slots) {}

  private final int number;
  private final ApplianceId id;
  private final Layout layout;
  private final Habits habits;
  private final Figures figures;
  private final Optional<Topic> topic;
  private final InetSocketAddress steering;
  private final InetSocketAddress controller;
  private final SplittableRandom random;
  private final HeldJournal journal;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean tellsSteering = new AtomicBoolean();
  private final AtomicBoolean tellsController = new AtomicBoolean();
  private volatile boolean closed;
  private volatile List<ContentId> held;
  private final AtomicLong storeVersion = new AtomicLong(1);
  private volatile long manifestVersion;
  private volatile int manifestFiles;

  SimulatedAppliance(
      int number,
      Layout layout,
      Habits habits,
      Figures figures,
      Optional<Topic> topic,
      InetSocketAddress steering,
      InetSocketAddress controller,
      long seed) {
    this.number = number;
    this.id = layout.appliance(number);
    this.layout = layout;
    this.habits = habits;
    this.figures = figures;
    this.topic = topic;
    this.steering = steering;
    this.controller = controller;
    this.random = new SplittableRandom(seed * 1_000_003 + number);
    this.held = layout.library(number, habits.library());
    this.journal =
        new HeldJournal(id, BOOT, storeVersion::get, () -> held, 1_000, System::nanoTime);
  }

  void start() {
    run("steering-heart", random.split(), it -> beat(it, steering, Kind.STEERING_HEARTBEAT));
    run("controller-heart", random.split(), it -> beat(it, controller, Kind.CONTROLLER_HEARTBEAT));
    run("work", random.split(), this::work);
  }

  /** Version of the manifest that it has; 0 for none yet. */
  long manifestVersion() {
    return manifestVersion;
  }

  /** Files that the manifest names. */
  int manifestFiles() {
    return manifestFiles;
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
  }

  private interface Task {
    void run(SplittableRandom random) throws InterruptedException;
  }

  private void run(String name, SplittableRandom own, Task task) {
    threads.add(
        Thread.ofVirtual()
            .name(name + "-" + number)
            .start(
                () -> {
                  try {
                    task.run(own);
                  } catch (InterruptedException e) {
                    // The end.
                  }
                }));
  }

  private void beat(SplittableRandom own, InetSocketAddress to, Kind kind)
      throws InterruptedException {
    AtomicBoolean tells = kind == Kind.STEERING_HEARTBEAT ? tellsSteering : tellsController;
    long sequence = 0;
    long due = System.nanoTime() + (long) (own.nextDouble() * SECOND);
    try (Exchange line = new Exchange(to, layout.address(number))) {
      while (!closed) {
        sleepUntil(due);
        HeldJournal.Mark mark = journal.look();
        byte[] json = Wire.write(heartbeat(++sequence, mark));
        long begun = System.nanoTime();
        figures.begunLate((begun - due) / 1000);
        try {
          Exchange.Answer answer = line.post("/v1/heartbeats", json, BEAT_MILLIS);
          note(kind, begun, answer, json.length);
          if (answer.isGood()) {
            HeartbeatReply reply = Wire.read(answer.body(), HeartbeatReply.class);
            if (reply.inventoryWanted() && tells.compareAndSet(false, true)) {
              var _ = Thread.ofVirtual().start(() -> tell(to, reply.deltaFrom(), tells));
            }
          }
        } catch (IOException e) {
          failed(kind, e);
        }
        double stretch = 1 + JITTER * (2 * own.nextDouble() - 1);
        due = Math.max(due + (long) (SECOND * stretch), System.nanoTime());
      }
    }
  }

  private Heartbeat heartbeat(long sequence, HeldJournal.Mark mark) {
    return new Heartbeat(
        id,
        layout.site(number),
        layout.endpoint(number),
        BOOT,
        sequence,
        Instant.now(),
        new Health(
            false,
            500 + (int) (sequence % 100),
            10_000,
            2_000_000_000L + sequence % 1000 * 1_000_000,
            10_000_000_000L),
        (habits.slots() * Layout.FILE_BYTES),
        0,
        mark.version(),
        mark.digest(),
        List.of(),
        sequence * 1000);
  }

  private void tell(
      InetSocketAddress to, @org.jspecify.annotations.Nullable Long from, AtomicBoolean tells) {
    try (Exchange line = new Exchange(to, layout.address(number))) {
      InventoryDelta delta = from == null ? null : journal.since(from).orElse(null);
      byte[] json = Wire.write(delta == null ? journal.inventory() : delta);
      Kind kind = delta == null ? Kind.INVENTORY : Kind.DELTA;
      String target = delta == null ? "/v1/inventories" : "/v1/inventory-deltas";
      long begun = System.nanoTime();
      try {
        note(kind, begun, line.post(target, json, PATIENCE_MILLIS), json.length);
      } catch (IOException e) {
        failed(kind, e);
      }
    } finally {
      tells.set(false);
    }
  }

  /** Manifests, fills and records, in one thread: none of them is in a hurry. */
  private void work(SplittableRandom own) throws InterruptedException {
    long now = System.nanoTime();
    long look = now + spread(own, Math.min(2, habits.manifestSeconds()));
    long fill = now + spread(own, habits.fillSeconds());
    long records = now + spread(own, habits.recordsSeconds());
    String etag = "";
    List<ContentId> missing = new ArrayList<>();
    long batch = 0;
    try (Exchange line = new Exchange(controller, layout.address(number))) {
      while (!closed) {
        sleepUntil(Math.min(look, Math.min(fill, records)));
        now = System.nanoTime();
        if (now >= records) {
          send(line, own, ++batch);
          records = Math.max(now, records + period(habits.recordsSeconds()));
        }
        if (now >= look) {
          etag = look(line, etag, missing);
          look = now + period(habits.manifestSeconds());
        }
        if (now >= fill) {
          if (!missing.isEmpty()) {
            fill(line, missing.removeFirst());
          }
          fill = now + period(habits.fillSeconds());
        }
      }
    }
  }

  private String look(Exchange line, String etag, List<ContentId> missing) {
    long begun = System.nanoTime();
    try {
      Exchange.Answer answer = line.get("/v1/manifests/" + id, etag, PATIENCE_MILLIS);
      if (answer.status() == 404) {
        return "";
      }
      note(Kind.MANIFEST, begun, answer, 0);
      if (!answer.isGood()) {
        return etag;
      }
      FillManifest manifest = Wire.read(answer.body(), FillManifest.class);
      manifestVersion = manifest.version();
      manifestFiles = manifest.entries().size();
      missing.clear();
      List<ContentId> has = held;
      var held = new java.util.HashSet<>(has);
      manifest.entries().stream()
          .map(entry -> entry.file().id())
          .filter(file -> !held.contains(file))
          .forEach(missing::add);
      return answer.etag();
    } catch (WireException e) {
      throw new IllegalStateException("not a manifest", e);
    } catch (IOException e) {
      failed(Kind.MANIFEST, e);
      return etag;
    }
  }

  private void fill(Exchange line, ContentId file) {
    List<ContentId> now = new ArrayList<>(held);
    if (now.size() >= habits.library() + habits.slots()) {
      now.remove(habits.library());
    }
    now.add(file);
    held = now;
    storeVersion.incrementAndGet();
    byte[] json =
        Wire.write(
            new FillReport(
                id,
                List.of(
                    new FillReport.Result(
                        Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS),
                        manifestVersion,
                        file,
                        true,
                        FillReport.Source.ORIGIN,
                        Layout.FILE_BYTES,
                        Layout.FILE_BYTES,
                        ""))));
    post(line, Kind.FILL_REPORT, "/v1/fill-reports", json);
  }

  private void send(Exchange line, SplittableRandom own, long sequence) {
    List<ServeRecord> records = new ArrayList<>();
    Instant now = Instant.now();
    for (int i = 0; i < habits.recordsPerBatch(); i++) {
      records.add(
          new ServeRecord(
              now,
              ContentId.ofPath(layout.asked(own)),
              layout.viewers(number),
              206,
              0,
              1 << 20,
              true,
              2_000,
              "part",
              null,
              ServeRecord.DISK));
    }
    byte[] json = Wire.write(new ServeRecords(id, BOOT, sequence, 0, records));
    if (topic.isEmpty()) {
      post(line, Kind.SERVE_RECORDS, "/v1/serve-records", json);
      return;
    }
    long begun = System.nanoTime();
    var _ =
        topic
            .get()
            .send(id, json)
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    long micros = (System.nanoTime() - begun) / 1000;
                    figures.answered(Kind.SERVE_RECORDS, micros, 204, json.length, 0);
                  } else if (!closed) {
                    figures.failed(Kind.SERVE_RECORDS, failure.getClass().getSimpleName());
                  }
                });
  }

  private void post(Exchange line, Kind kind, String target, byte[] json) {
    long begun = System.nanoTime();
    try {
      note(kind, begun, line.post(target, json, PATIENCE_MILLIS), json.length);
    } catch (IOException e) {
      failed(kind, e);
    }
  }

  private void note(Kind kind, long begun, Exchange.Answer answer, int sent) {
    figures.answered(
        kind, (System.nanoTime() - begun) / 1000, answer.status(), sent, answer.body().length);
  }

  private void failed(Kind kind, IOException e) {
    if (!closed) {
      figures.failed(kind, e.getClass().getSimpleName());
    }
  }

  private static long period(double seconds) {
    return (long) (seconds * SECOND * (0.95 + ThreadLocalRandom.current().nextDouble(0.1)));
  }

  private static long spread(SplittableRandom own, double seconds) {
    return (long) (own.nextDouble() * seconds * SECOND);
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
