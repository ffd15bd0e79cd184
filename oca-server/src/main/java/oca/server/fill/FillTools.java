package oca.server.fill;

import java.time.InstantSource;
import java.util.function.Consumer;
import oca.protocol.FillReport.Result;
import oca.store.ContentStore;

/**
 * What the workers share.
 *
 * @param blockBytes of the blocks in which the store keeps files whose blocks are not announced
 */
record FillTools(
    FillConfig config,
    FillQueue queue,
    ContentStore store,
    int blockBytes,
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
