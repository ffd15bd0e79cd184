package oca.server.fill;

import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import oca.protocol.FillReport.Result;
import oca.store.ContentStore;

/**
 * What the workers share.
 *
 * @param blockBytes of the blocks in which the store keeps files whose blocks are not announced
 * @param rate of all that is fetched
 * @param outside of what comes from other sites and origins
 */
record FillTools(
    FillConfig config,
    FillQueue queue,
    ContentStore store,
    int blockBytes,
    ListReader lists,
    FillSource source,
    FillRate rate,
    FillRate outside,
    Distrust distrust,
    BackOff backOff,
    Origins origins,
    FillTally tally,
    Consumer<Result> results,
    InstantSource clock,
    LongSupplier nanoClock,
    Pause pause) {

  /** Waits so many nanoseconds. */
  @FunctionalInterface
  interface Pause {
    void nanos(long nanos) throws InterruptedException;
  }
}
