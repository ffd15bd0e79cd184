package oca.server.http;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import oca.model.ContentId;
import oca.protocol.ServeRecord;
import oca.server.range.Outcome;
import oca.store.ContentKey;
import oca.store.ContentLease;
import oca.store.Lookup;
import org.jspecify.annotations.Nullable;

/**
 * One request being answered: what must be given back and told when it ends, however it ends. On
 * the connection's event loop only.
 *
 * <p>A lease has to be closed exactly once, and is handed out by a lookup to whoever asks. So the
 * lookup is made here, no other class of this package asks or closes, and a handler has at most one
 * exchange, which it ends: there is no path on which a lease is kept, or closed twice.
 */
final class Exchange {
  /** Stands in records for a request that named no file. */
  static final ContentId NO_FILE = new ContentId(0, 0);

  private final Serving serving;
  private final String client;
  private final long begunNanos;
  private ContentId file = NO_FILE;
  private Outcome outcome = Outcome.FAULT;
  private boolean last = true;
  private @Nullable ContentLease lease;
  private long firstByte;
  private long counted;
  private boolean ended;

  /** Begins; until {@link #answers} it counts as a fault. */
  Exchange(Serving serving, String client, long begunNanos) {
    this.serving = serving;
    this.client = client;
    this.begunNanos = begunNanos;
  }

  /** Notes which file is asked for. */
  void names(ContentId named) {
    file = named;
  }

  /** Looks the named file up, once; what lease comes with it is closed at the end. */
  Lookup lookUp() {
    if (lease != null || ended) {
      throw new IllegalStateException("a second lookup in one exchange");
    }
    Lookup found = serving.content().lookup(new ContentKey(file.high(), file.low()));
    lease =
        switch (found) {
          case Lookup.Hit hit -> hit.lease();
          case Lookup.Filling filling -> filling.lease();
          case Lookup.Miss _ -> null;
        };
    return found;
  }

  /**
   * Notes what is answered.
   *
   * @param isLast whether the connection is closed after it
   * @param first offset of the first byte that is sent of the file, 0 when none is
   */
  void answers(Outcome with, boolean isLast, long first) {
    outcome = with;
    last = isLast;
    firstByte = first;
  }

  /** The lease on the file, to read by until the end; null when the store has none of it. */
  @Nullable ContentLease lease() {
    return lease;
  }

  boolean isLast() {
    return last;
  }

  /** So many bytes of the file were handed to the kernel up to now. */
  void progressed(long handedOver) {
    serving.tally().handedOver(handedOver - counted);
    counted = handedOver;
  }

  /**
   * Ends it; only the first call counts.
   *
   * @param fault why the file could not be read, if that is what broke the answer off
   */
  void end(boolean complete, @Nullable ContentReadException fault, long nanos) {
    if (ended) {
      return;
    }
    ended = true;
    try {
      release(fault);
    } finally {
      tell(complete, nanos);
    }
  }

  private void release(@Nullable ContentReadException fault) {
    ContentLease of = lease;
    lease = null;
    if (of == null) {
      return;
    }
    try (of) {
      if (fault != null) {
        serving.tally().readFailed();
        of.reportReadError(fault);
      }
    }
  }

  private void tell(boolean complete, long nanos) {
    serving.tally().ended(outcome, complete);
    serving.record(
        new ServeRecord(
            Instant.ofEpochMilli(serving.clock().millis()),
            file,
            client,
            outcome.status(),
            firstByte,
            counted,
            complete,
            TimeUnit.NANOSECONDS.toMicros(nanos - begunNanos),
            outcome.label()));
  }
}
