package oca.server.fill;

import java.time.InstantSource;
import java.util.function.Consumer;
import oca.protocol.FillReport.Result;
import oca.store.ContentStore;

/** What the workers share. */
record FillTools(
    FillConfig config,
    FillQueue queue,
    ContentStore store,
    ListReader lists,
    FillSource source,
    FillRate rate,
    Origins origins,
    FillTally tally,
    Consumer<Result> results,
    InstantSource clock,
    Pause pause) {

  /** Waits so many nanoseconds. */
  @FunctionalInterface
  interface Pause {
    void nanos(long nanos) throws InterruptedException;
  }
}
