package oca.server.fill;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import oca.model.ApplianceId;
import oca.protocol.FillReport;
import oca.protocol.FillReport.Result;
import oca.protocol.http.ControlClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the controller what became of files, in batches, on a virtual thread of its own.
 *
 * <p>A batch is posted again at the interval until it is accepted, so the controller may see one
 * twice. Results wait in a bounded queue meanwhile; those that find it full are dropped and
 * counted: the controller sees from the inventory what is held anyway.
 */
final class FillReporter implements Consumer<Result>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FillReporter.class);
  private static final int BATCH = 1000;

  private final ApplianceId appliance;
  private final URI reports;
  private final FillConfig config;
  private final ControlClient client;
  private final BlockingQueue<Result> backlog;
  private final LongAdder dropped = new LongAdder();
  private final Thread thread = Thread.ofVirtual().name("fill-reports").unstarted(this::run);
  private final CountDownLatch close = new CountDownLatch(1);
  // Only the thread touches this.
  private boolean failing;

  FillReporter(ApplianceId appliance, URI reports, FillConfig config, ControlClient client) {
    this.appliance = appliance;
    this.reports = reports;
    this.config = config;
    this.client = client;
    this.backlog = new ArrayBlockingQueue<>(config.reportBacklog());
  }

  void start() {
    thread.start();
  }

  /** Results that could not be told. */
  long dropped() {
    return dropped.sum();
  }

  /** Takes a result, or drops and counts it when too many wait. Never blocks. */
  @Override
  public void accept(Result result) {
    if (!backlog.offer(result)) {
      dropped.increment();
    }
  }

  /** Posts what waits, for at most the configured time; the rest is dropped. */
  @Override
  public void close() {
    close.countDown();
    try {
      if (!thread.join(config.reportFlush())) {
        thread.interrupt();
        thread.join(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Result> batch = new ArrayList<>();
    try {
      boolean last;
      do {
        last = close.await(config.reportInterval().toNanos(), TimeUnit.NANOSECONDS);
        boolean accepted = true;
        while (accepted && !(batch.isEmpty() && backlog.isEmpty())) {
          backlog.drainTo(batch, BATCH - batch.size());
          accepted = post(batch);
          if (accepted) {
            batch.clear();
          }
        }
      } while (!last);
    } catch (InterruptedException e) {
      log.debug("fill reports were ended");
    }
    int untold = batch.size() + backlog.size();
    dropped.add(untold);
    if (untold > 0) {
      log.warn("{} fill results were not reported before closing", untold);
    }
  }

  private boolean post(List<Result> batch) {
    try {
      client.post(reports, new FillReport(appliance, batch));
      if (failing) {
        failing = false;
        log.info("{} takes fill reports again", reports);
      }
      return true;
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        log.warn("{} does not take fill reports, trying again: {}", reports, e.getMessage());
      }
      return false;
    }
  }
}
