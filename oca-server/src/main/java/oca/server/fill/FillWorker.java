package oca.server.fill;

import java.time.Duration;
import java.time.Instant;
import oca.protocol.FillReport.Result;
import oca.protocol.FillReport.Source;
import oca.server.fill.FillQueue.Verdict;
import oca.server.fill.FillRound.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one file after the other from the queue, on a virtual thread, and settles what became of
 * it.
 *
 * <p>A file of which nobody had anything yet waits shortly while others are fetched. After a round
 * without success a file waits, twice as long each time; after the last round it is given up and
 * reported; at once, if the store does not want it. A file that the store cannot take yet waits
 * without that being a try. When the window closes, the file is put back and keeps what it has.
 */
final class FillWorker implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(FillWorker.class);
  private static final int MAX_DOUBLINGS = 10;
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final int MAX_WAIT_DOUBLINGS = 5;

  private final FillTools tools;

  FillWorker(FillTools tools) {
    this.tools = tools;
  }

  /** What is told of a job that left the queue without its file. */
  static Result notFilled(FillJob job, Instant at, String reason) {
    return new Result(
        at,
        job.manifestVersion(),
        job.file(),
        false,
        Source.NONE,
        job.bytesFetched(),
        job.bytesFromOrigin(),
        reason,
        job.originReasons(),
        job.badPeers());
  }

  @Override
  public void run() {
    try {
      FillJob job = tools.queue().take();
      while (job != null) {
        work(job);
        job = tools.queue().take();
      }
    } catch (InterruptedException e) {
      log.debug("a fill worker was ended");
    }
  }

  private void work(FillJob job) throws InterruptedException {
    try {
      switch (new FillRound(tools, job).run()) {
        case Outcome.Filled(Source from) -> filled(job, from);
        case Outcome.Held _ -> tools.queue().done(job);
        case Outcome.Stopped(Verdict verdict) -> stopped(job, verdict);
        case Outcome.Postponed(String reason) -> postponed(job, reason);
        case Outcome.Waiting _ -> waits(job);
        case Outcome.Failed(String reason) -> failed(job, reason);
        case Outcome.Declined(String reason) -> giveUp(job, tools.clock().instant(), reason);
      }
    } catch (InterruptedException e) {
      tools.queue().putBack(job);
      throw e;
    } catch (RuntimeException e) {
      log.error("filling {} failed", job.entry().file().path(), e);
      failed(job, "an internal error, see the log: " + e);
    }
  }

  private void filled(FillJob job, Source from) {
    if (tools.queue().done(job)) {
      tools.tally().repaired.increment();
    }
    tools.tally().filled.increment();
    Instant due = job.entry().due();
    if (due != null && tools.clock().instant().isAfter(due)) {
      tools.tally().missed.increment();
      log.warn("{} was due at {} and came only now", job.entry().file().path(), due);
    }
    tools
        .results()
        .accept(
            new Result(
                tools.clock().instant(),
                job.manifestVersion(),
                job.file(),
                true,
                from,
                job.bytesFetched(),
                job.bytesFromOrigin(),
                "",
                job.originReasons(),
                job.badPeers()));
  }

  private void stopped(FillJob job, Verdict verdict) {
    switch (verdict) {
      case GO_ON -> tools.queue().putBack(job);
      case PREEMPTED -> {
        tools.tally().preempted.increment();
        log.info("{} makes way for a file that is more urgent", job.entry().file().path());
        tools.queue().putBack(job);
      }
      case PAUSE, NOT_GRANTED -> {
        job.paused();
        tools.queue().putBack(job);
      }
      case NOT_WANTED -> {
        tools.queue().done(job);
        tools
            .results()
            .accept(notFilled(job, tools.clock().instant(), "no longer in the manifest"));
      }
    }
  }

  private void postponed(FillJob job, String reason) {
    log.debug("{} waits: {}", job.entry().file().path(), reason);
    job.postponed(tools.clock().instant(), tools.config().retry());
    tools.queue().putBack(job);
  }

  private void waits(FillJob job) {
    tools.tally().waits.increment();
    job.waits(tools.clock().instant(), FIRST_WAIT, MAX_WAIT_DOUBLINGS);
    tools.queue().putBack(job);
  }

  private void failed(FillJob job, String reason) {
    Instant now = tools.clock().instant();
    Duration pause =
        tools.config().retry().multipliedBy(1L << Math.min(job.rounds(), MAX_DOUBLINGS));
    job.failedRound(now, pause);
    if (job.rounds() < tools.config().attempts()) {
      tools.queue().putBack(job);
      return;
    }
    giveUp(job, now, reason);
  }

  private void giveUp(FillJob job, Instant now, String reason) {
    log.warn("given up {}: {}", job.entry().file().path(), reason);
    tools.tally().givenUp.increment();
    tools.results().accept(notFilled(job, now, reason));
    tools.queue().giveUp(job);
  }
}
