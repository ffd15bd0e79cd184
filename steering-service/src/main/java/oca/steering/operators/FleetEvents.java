package oca.steering.operators;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import oca.model.ApplianceId;
import oca.protocol.Wire;
import oca.protocol.http.ControlListener;
import oca.protocol.http.EventSink;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /v1/events}: what changes in the fleet, each second, as server-sent events.
 *
 * <p>A watcher is sent {@code fleet} once, everybody as they are, and then {@code delta}: only
 * those who changed, and the freeze. One that comes back and names the last event that it has, in
 * {@code Last-Event-ID}, is sent what it missed when that is not long ago, and {@code fleet}
 * otherwise. The work is done once for all watchers, and not at all a while after the last has
 * gone.
 *
 * <p>All state belongs to one thread. A watcher that does not keep up is dropped by its sink.
 */
public final class FleetEvents implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FleetEvents.class);

  /** Deltas kept for those who come back; half a minute. */
  private static final int KEPT = 30;

  /**
   * What a watcher is told.
   *
   * @param at by the wall clock of the service
   * @param ready whether enough was heard since the start
   * @param appliances known in all
   * @param last number of the newest change
   * @param rows all, or those that changed
   * @param gone no longer known; left out when there are none
   */
  record Told(
      Instant at,
      boolean ready,
      Frozen freeze,
      int appliances,
      long last,
      List<Row> rows,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ApplianceId> gone) {}

  /** Whether evictions are frozen, with how many of how many silent. */
  record Frozen(boolean frozen, int lost, int of) {}

  /** A delta as it was sent. */
  private record Sent(long number, String json) {}

  private final Roster roster;
  private final BooleanSupplier ready;
  private final InstantSource clock;
  private final String stream;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("fleet-events").factory());
  private final AtomicBoolean soon = new AtomicBoolean();
  private final Set<EventSink> watchers = new HashSet<>();
  private final Deque<Sent> sent = new ArrayDeque<>();
  private Roster.@Nullable Moment told;
  private long number;
  private int idle;

  /** Events about that roster; nobody is told before {@link #start}. */
  public FleetEvents(Roster roster, BooleanSupplier ready, InstantSource clock) {
    this.roster = roster;
    this.ready = ready;
    this.clock = clock;
    this.stream = Long.toString(clock.millis(), 36);
  }

  /** Begins. */
  public void start(Duration interval) {
    var _ =
        // Not at a fixed rate: what was missed in a pause would come at once, too much for
        // watchers.
        thread.scheduleWithFixedDelay(
            this::guardedTell, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Adds the route. */
  public void addForOperatorsTo(ControlListener listener) {
    listener.route("GET", "/v1/events", this::watch);
  }

  /** Somebody decided something: tell it now. Never waits. */
  public void tellSoon() {
    if (!soon.getAndSet(true)) {
      later(this::guardedTell);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private Response watch(Request request) {
    String since = request.header("last-event-id").orElse("");
    return Response.events(
        sink -> {
          sink.onClose(() -> later(() -> watchers.remove(sink)));
          later(() -> join(sink, since));
        });
  }

  private void join(EventSink sink, String since) {
    Roster.Moment base = told == null ? roster.now() : told;
    told = base;
    long from = number(since);
    boolean isNear = from >= 0 && from >= number - sent.size() && from <= number;
    boolean there = true;
    if (isNear) {
      for (Sent delta : sent) {
        there = there && (delta.number() <= from || send(sink, "delta", delta));
      }
    } else {
      there = send(sink, "fleet", new Sent(number, json(all(base))));
    }
    if (there) {
      watchers.add(sink);
    }
  }

  private void guardedTell() {
    soon.set(false);
    try {
      tell();
    } catch (RuntimeException e) {
      // The schedule would end with it, and watchers would take the last state for the present.
      log.error("watchers of the fleet were told nothing", e);
    }
  }

  private void tell() {
    idle = watchers.isEmpty() ? idle + 1 : 0;
    if (idle > KEPT) {
      told = null;
      sent.clear();
      number += idle == KEPT + 1 ? 1 : 0;
      return;
    }
    Roster.Moment before = told;
    if (before == null) {
      return;
    }
    Roster.Moment now = roster.now();
    told = now;
    Sent delta = new Sent(++number, json(delta(before, now)));
    sent.addLast(delta);
    if (sent.size() > KEPT) {
      sent.removeFirst();
    }
    watchers.removeIf(watcher -> !send(watcher, "delta", delta));
  }

  private boolean send(EventSink sink, String event, Sent what) {
    return sink.send(event, stream + "-" + what.number(), what.json());
  }

  private Told all(Roster.Moment now) {
    return told(now, List.copyOf(now.rows().values()), List.of());
  }

  private Told delta(Roster.Moment before, Roster.Moment now) {
    List<Row> changed = new ArrayList<>();
    for (Map.Entry<ApplianceId, Row> one : now.rows().entrySet()) {
      if (!one.getValue().equals(before.rows().get(one.getKey()))) {
        changed.add(one.getValue());
      }
    }
    List<ApplianceId> gone =
        before.rows().keySet().stream().filter(id -> !now.rows().containsKey(id)).toList();
    return told(now, changed, gone);
  }

  private Told told(Roster.Moment now, List<Row> rows, List<ApplianceId> gone) {
    return new Told(
        clock.instant(),
        ready.getAsBoolean(),
        new Frozen(now.freeze().frozen(), now.freeze().lost(), now.freeze().of()),
        now.rows().size(),
        now.last(),
        rows,
        gone);
  }

  /** The number in an event's id; -1 when it is not of this stream. */
  private long number(String id) {
    String tail = id.startsWith(stream + "-") ? id.substring(stream.length() + 1) : "";
    return tail.matches("\\d{1,18}") ? Long.parseLong(tail) : -1;
  }

  private static String json(Told told) {
    return new String(Wire.write(told), StandardCharsets.UTF_8);
  }

  private void later(Runnable action) {
    try {
      thread.execute(action);
    } catch (RejectedExecutionException e) {
      log.debug("the events have ended", e);
    }
  }
}
