package oca.fill.console;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import oca.protocol.http.ControlListener;
import oca.protocol.http.EventSink;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /v1/events}: the status as server-sent events, once to who comes and then whenever it
 * is another than a moment ago.
 *
 * <p>It is made once for all watchers, and not at all while there are none. All state belongs to
 * one thread; a watcher that does not keep up is dropped by its sink and comes again by itself.
 */
public final class StatusEvents implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusEvents.class);
  private static final String EVENT = "status";

  /** Where the status comes from. */
  @FunctionalInterface
  public interface Source {
    /** The status now, as JSON of one line. May block. */
    String json() throws IOException;
  }

  private final Source source;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("status-events").factory());
  private final Set<EventSink> watchers = new HashSet<>();
  private String told = "";

  /** Events of that source; nobody is told before {@link #start}. */
  public StatusEvents(Source source) {
    this.source = source;
  }

  /** Begins to look. */
  public void start(Duration interval) {
    var _ =
        thread.scheduleWithFixedDelay(
            this::guardedTell, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Adds the route. */
  public void addTo(ControlListener listener) {
    listener.route("GET", "/v1/events", this::watch);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private Response watch(Request request) {
    return Response.events(
        sink -> {
          sink.onClose(() -> later(() -> watchers.remove(sink)));
          later(() -> join(sink));
        });
  }

  private void join(EventSink sink) {
    try {
      if (watchers.isEmpty()) {
        told = source.json();
      }
      if (sink.send(EVENT, told)) {
        watchers.add(sink);
      }
    } catch (IOException | RuntimeException e) {
      log.error("a watcher was told nothing", e);
      sink.close();
    }
  }

  private void guardedTell() {
    try {
      if (!watchers.isEmpty()) {
        String now = source.json();
        if (!now.equals(told)) {
          told = now;
          watchers.removeIf(watcher -> !watcher.send(EVENT, now));
        }
      }
    } catch (IOException | RuntimeException e) {
      // The schedule would end with it, and watchers would take the last status for the present.
      log.error("watchers of the status were told nothing", e);
    }
  }

  private void later(Runnable action) {
    try {
      thread.execute(action);
    } catch (RejectedExecutionException e) {
      log.debug("the events have ended", e);
    }
  }
}
