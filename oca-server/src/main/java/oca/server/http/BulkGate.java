package oca.server.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Keeps a place for viewers: answers to bulk requests, which peers send to fill their own disks,
 * are bounded in number, and there are none while the server is nearly full. Safe on any thread.
 *
 * <p>Bulk is what says so itself: an urgency of 7, the background, in the Priority field (RFC
 * 9218). Nobody gains by claiming it.
 */
final class BulkGate {
  private final IntSupplier most;
  private final BooleanSupplier full;
  private final AtomicInteger inside = new AtomicInteger();
  private final LongAdder refused = new LongAdder();

  /**
   * @param most answers at once
   * @param full whether all places are wanted for viewers
   */
  BulkGate(IntSupplier most, BooleanSupplier full) {
    this.most = most;
    this.full = full;
  }

  /** Whether a bulk request is answered now; each that is must {@link #leave}. */
  boolean enter() {
    if (!full.getAsBoolean()) {
      if (inside.incrementAndGet() <= most.getAsInt()) {
        return true;
      }
      inside.decrementAndGet();
    }
    refused.increment();
    return false;
  }

  void leave() {
    inside.decrementAndGet();
  }

  /** Bulk requests that were told to come later. */
  long refused() {
    return refused.sum();
  }
}
