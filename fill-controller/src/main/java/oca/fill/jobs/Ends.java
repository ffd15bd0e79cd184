package oca.fill.jobs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import oca.fill.jobs.Desk.Running;
import oca.protocol.FillProgress;
import org.jspecify.annotations.Nullable;

/** What a progress message comes to. */
final class Ends {
  final List<Step> steps = new ArrayList<>();

  /** Items of grants that are not the newest, and whether one of them is an end. */
  int strays;

  boolean strayEnds;
  private int succeeded;
  private int failed;

  static Ends of(
      Desk desk, FillProgress progress, EngineSettings settings, Patience patience, long now) {
    Ends ends = new Ends();
    Set<Long> seen = new HashSet<>();
    for (FillProgress.Item item : progress.items()) {
      Running running = desk.granted(item.job(), item.generation(), item.attempt());
      if (running == null || !seen.add(item.job())) {
        ends.strays++;
        ends.strayEnds |= item.state() != FillProgress.State.RUNNING;
        continue;
      }
      Step step = step(running, item, settings, patience, now);
      if (step != null) {
        ends.steps.add(step);
        ends.succeeded += item.state() == FillProgress.State.HELD ? 1 : 0;
        ends.failed += item.state() == FillProgress.State.FAILED ? 1 : 0;
      }
    }
    return ends;
  }

  /** They are in the book: the breaker may know. */
  void count(Desk desk) {
    for (int i = 0; i < succeeded; i++) {
      Patience.succeeded(desk.breaker);
    }
    for (int i = 0; i < failed; i++) {
      Patience.failed(desk.breaker);
    }
  }

  private static @Nullable Step step(
      Running running,
      FillProgress.Item item,
      EngineSettings settings,
      Patience patience,
      long now) {
    long job = running.entry.number;
    Standing before = running.entry.standing;
    return switch (item.state()) {
      case HELD -> Step.of(job, before, before.ended(JobState.DONE, item.bytes()), "held");
      case FAILED -> {
        Standing after = before.failed(settings.tries(), item.bytes());
        yield Step.of(job, before, after, item.reason()).waiting(patience.wait(after.tries()));
      }
      case RUNNING -> {
        running.bytes = Math.max(running.bytes, item.bytes());
        boolean due = now - running.writtenNanos >= settings.checkpoint().toNanos();
        if (!due || running.bytes <= before.checkpoint()) {
          yield null;
        }
        running.writtenNanos = now;
        yield Step.of(job, before, before.reached(running.bytes), "is being fetched");
      }
    };
  }
}
