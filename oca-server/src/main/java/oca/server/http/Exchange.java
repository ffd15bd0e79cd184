package oca.server.http;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import oca.model.ContentId;
import oca.protocol.ServeRecord;
import oca.server.range.Outcome;
import oca.store.ContentLease;
import org.jspecify.annotations.Nullable;

/**
 * One request being answered: what must be given back and told when it ends, however it ends. On
 * the connection's event loop only.
 */
final class Exchange {
  /** Stands in records for a request that named no file. */
  static final ContentId NO_FILE = new ContentId(0, 0);

  private final Serving serving;
  private final String client;
  private final long begunNanos;
  private final ContentId file;
  private final Outcome outcome;
  private final boolean last;
  private @Nullable ContentLease lease;
  private long firstByte;
  private long counted;
  private boolean ended;

  /**
   * Of a reply without a body of a file, until {@link #carries} says otherwise.
   *
   * @param last whether the connection is closed after it
   */
  Exchange(
      Serving serving,
      String client,
      long begunNanos,
      ContentId file,
      Outcome outcome,
      boolean last) {
    this.serving = serving;
    this.client = client;
    this.begunNanos = begunNanos;
    this.file = file;
    this.outcome = outcome;
    this.last = last;
  }

  /** Takes over the lease, to be closed at the end. */
  void carries(ContentLease of, long first) {
    lease = of;
    firstByte = first;
  }

  boolean isLast() {
    return last;
  }

  /** So many bytes of the file were handed to the kernel up to now. */
  void progressed(long handedOver) {
    serving.tally().handedOver(handedOver - counted);
    counted = handedOver;
  }

  /** The file could not be read. */
  void readFailed(ContentReadException cause) {
    serving.tally().readFailed();
    ContentLease of = lease;
    if (of != null) {
      of.reportReadError(cause);
    }
  }

  /** Ends it; only the first call counts. */
  void end(boolean complete, long nanos) {
    if (ended) {
      return;
    }
    ended = true;
    ContentLease of = lease;
    if (of != null) {
      of.close();
    }
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
