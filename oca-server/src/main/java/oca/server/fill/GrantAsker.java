package oca.server.fill;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.FillAsk;
import oca.protocol.FillGrant;
import oca.protocol.FillProgress;
import oca.protocol.http.ControlClient;
import oca.protocol.http.RedirectedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a controller what to begin with, and tells it what became of that: two virtual threads, from
 * {@link #start} to {@link #close}, and one for each ask that is open.
 *
 * <p>An ask stays open at the controller until there is something to say; when so much was finished
 * meanwhile that more could be granted, a newer one takes its place. Ends are told at once and
 * again until they are acknowledged, those that come while one message is under way together in the
 * next. Who was named by one that does not decide itself (307) is asked until it fails.
 */
final class GrantAsker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GrantAsker.class);
  private static final Duration MARGIN = Duration.ofSeconds(2);
  private static final long FIRST_REST = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(2);
  private static final long REST = TimeUnit.SECONDS.toNanos(1);
  private static final int MOST_REDIRECTS = 3;

  /** How an ask ended. */
  private enum End {
    TOLD,
    NOTHING,
    REDIRECTED,
    FAILED
  }

  /** An ask under way, until its end is there. */
  private static final class Ask {
    volatile @Nullable End end;
  }

  private final ApplianceId appliance;
  private final String bootId;
  private final GrantConfig config;
  private final ControlClient client;
  private final FillQueue queue;
  private final GrantDesk desk;
  private final Predicate<ContentId> held;
  private final Runnable unknown;
  private final LongSupplier nanoClock;
  private final List<URI> bases = new ArrayList<>();
  private final LongAdder failures = new LongAdder();
  private final Thread asker = Thread.ofVirtual().name("fill-asks").unstarted(() -> run(true));
  private final Thread teller = Thread.ofVirtual().name("fill-ends").unstarted(() -> run(false));
  private volatile boolean closed;
  private volatile URI base;
  // Under the lock of this.
  private int turn;
  private boolean alone;

  /**
   * Asks nobody yet.
   *
   * @param controller asked first, its base URI; those of the configuration after it
   * @param held whether a file is held, whole
   * @param unknown called when something was granted that no manifest seen so far lists
   */
  GrantAsker(
      ApplianceId appliance,
      String bootId,
      URI controller,
      GrantConfig config,
      ControlClient client,
      FillQueue queue,
      GrantDesk desk,
      Predicate<ContentId> held,
      Runnable unknown,
      LongSupplier nanoClock) {
    this.appliance = appliance;
    this.bootId = bootId;
    this.config = config;
    this.client = client;
    this.queue = queue;
    this.desk = desk;
    this.held = held;
    this.unknown = unknown;
    this.nanoClock = nanoClock;
    this.bases.add(controller);
    this.bases.addAll(config.controllers());
    this.base = controller;
  }

  void start() {
    if (config.use() != GrantConfig.Use.OFF) {
      asker.start();
      teller.start();
    }
  }

  /** Exchanges that came to nothing since the start. */
  long failures() {
    return failures.sum();
  }

  /** Ends both threads; what was not told is found by the controller when it is asked next. */
  @Override
  public void close() {
    closed = true;
    asker.interrupt();
    teller.interrupt();
  }

  private void run(boolean asks) {
    try {
      if (asks) {
        askOn();
      } else {
        tellOn();
      }
    } catch (InterruptedException e) {
      log.debug("no controller is asked for grants any more");
    } catch (RuntimeException e) {
      log.error("no controller is asked for grants any more", e);
    }
  }

  // Asking.

  private void askOn() throws InterruptedException {
    long rest = FIRST_REST;
    int redirects = 0;
    while (!closed) {
      int room = room();
      FillAsk message = desk.ask(appliance, bootId, room, bytes());
      long began = nanoClock.getAsLong();
      Ask ask = new Ask();
      URI to = base;
      Thread.ofVirtual().name("fill-ask").start(() -> exchange(to, message, ask));
      awaitEnd(ask, room);
      End end = ask.end;
      redirects = end == End.REDIRECTED ? redirects + 1 : 0;
      if (end == End.FAILED || redirects > MOST_REDIRECTS) {
        noteAlone();
        rest(rest, Integer.MAX_VALUE);
        rest = Math.min(LONGEST_REST, 2 * rest);
      } else {
        rest = FIRST_REST;
        boolean early = nanoClock.getAsLong() - began < config.poll().toNanos() / 2;
        if (end == End.NOTHING && early) {
          // The controller has no place for an ask to stay open.
          rest(REST, room);
        }
      }
    }
  }

  /** Until it has ended, or a newer ask is worth its while. */
  private void awaitEnd(Ask ask, int room) throws InterruptedException {
    while (ask.end == null && !isWorthAsking(room)) {
      desk.toAsk.acquire();
      desk.toAsk.drainPermits();
    }
  }

  private void rest(long nanos, int room) throws InterruptedException {
    long end = nanoClock.getAsLong() + nanos;
    for (long left = nanos; left > 0 && !isWorthAsking(room); left = end - nanoClock.getAsLong()) {
      if (desk.toAsk.tryAcquire(left, TimeUnit.NANOSECONDS)) {
        desk.toAsk.drainPermits();
      }
    }
  }

  private boolean isWorthAsking(int before) {
    return before <= config.ahead() / 2 && room() - before >= (config.ahead() + 1) / 2;
  }

  private int room() {
    List<ContentId> inHand = desk.inHandFiles();
    int room = queue.room(inHand, config.ahead());
    return Math.max(0, Math.min(room, config.most() - inHand.size()));
  }

  private void exchange(URI to, FillAsk message, Ask ask) {
    End end = End.FAILED;
    try {
      FillGrant told =
          client.postPatiently(
              below(to, "v1/fill/asks"), message, FillGrant.class, config.poll().plus(MARGIN));
      end = told.grants().isEmpty() && told.stops().isEmpty() ? End.NOTHING : End.TOLD;
      taken(told);
    } catch (RedirectedException e) {
      redirected(to, e.location());
      end = End.REDIRECTED;
    } catch (IOException e) {
      failed(to, e);
    } catch (RuntimeException e) {
      log.error("what {} granted could not be taken", to, e);
    } finally {
      ask.end = end;
      desk.toAsk.release();
    }
  }

  private void taken(FillGrant told) {
    noteTogether();
    List<ContentId> fresh = desk.take(told);
    queue.grantedAnew(fresh);
    // Some may be held already, and are told as that.
    desk.toTell.release();
    if (!fresh.stream().allMatch(queue::wants)) {
      unknown.run();
    }
  }

  // Telling.

  private void tellOn() throws InterruptedException {
    long nextAll = nanoClock.getAsLong() + config.progress().toNanos();
    long rest = FIRST_REST;
    boolean again = false;
    while (!closed) {
      long left = nextAll - nanoClock.getAsLong();
      if (!again && desk.toTell.tryAcquire(Math.max(1, left), TimeUnit.NANOSECONDS)) {
        desk.toTell.drainPermits();
      }
      desk.settle(held);
      boolean all = nanoClock.getAsLong() - nextAll >= 0;
      List<FillProgress.Item> items = desk.progress(!all, bytes());
      if (all) {
        nextAll = nanoClock.getAsLong() + config.progress().toNanos();
      }
      again = !items.isEmpty() && !tell(items);
      if (again) {
        TimeUnit.NANOSECONDS.sleep(rest);
      }
      rest = again ? Math.min(LONGEST_REST, 2 * rest) : FIRST_REST;
    }
  }

  private boolean tell(List<FillProgress.Item> items) {
    URI to = base;
    try {
      var _ = client.post(below(to, "v1/fill/progress"), new FillProgress(appliance, items));
      desk.acknowledged(items);
      desk.toAsk.release();
      return true;
    } catch (RedirectedException e) {
      redirected(to, e.location());
    } catch (IOException e) {
      failed(to, e);
    }
    return false;
  }

  private ToLongFunction<ContentId> bytes() {
    Map<ContentId, Long> bytes = new HashMap<>();
    desk.inHandFiles().forEach(file -> bytes.put(file, queue.present(file)));
    return file -> bytes.getOrDefault(file, 0L);
  }

  // Whom.

  private synchronized void redirected(URI from, URI to) {
    if (base.equals(from)) {
      base = to.resolve("/");
    }
  }

  private synchronized void failed(URI from, IOException why) {
    failures.increment();
    if (base.equals(from) && !closed) {
      log.debug("{} granted nothing: {}", from, why.getMessage());
      // Who was named by another is not asked again before that one names it.
      turn = bases.contains(from) ? (turn + 1) % bases.size() : 0;
      base = bases.get(turn);
    }
  }

  private synchronized void noteAlone() {
    if (!alone && !desk.inForce()) {
      alone = true;
      log.warn("no controller has answered for {}: filling by the manifest", config.patience());
    }
  }

  private synchronized void noteTogether() {
    if (alone) {
      alone = false;
      log.info("{} grants again", base);
    }
  }

  private static URI below(URI base, String path) {
    String text = base.toString();
    return URI.create(text.endsWith("/") ? text + path : text + "/" + path);
  }
}
