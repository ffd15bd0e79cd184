package oca.server.fill;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import oca.protocol.FillReport.OriginReason;

/** What all workers together have done since the start. Safe on any thread. */
final class FillTally {
  final LongAdder filled = new LongAdder();
  final LongAdder repaired = new LongAdder();
  final LongAdder givenUp = new LongAdder();
  final LongAdder sourceFailures = new LongAdder();
  final LongAdder listsUnread = new LongAdder();
  final LongAdder bytesFromPeers = new LongAdder();
  final LongAdder bytesFromOrigins = new LongAdder();
  final LongAdder preempted = new LongAdder();
  final LongAdder waits = new LongAdder();
  final LongAdder missed = new LongAdder();
  private final Map<OriginReason, LongAdder> originReasons = new EnumMap<>(OriginReason.class);

  FillTally() {
    for (OriginReason reason : OriginReason.values()) {
      originReasons.put(reason, new LongAdder());
    }
  }

  /** All bytes since the start, good or bad. */
  long bytesFetched() {
    return bytesFromPeers.sum() + bytesFromOrigins.sum();
  }

  /** Bytes that came from a peer. */
  void fetched(long bytes) {
    bytesFromPeers.add(bytes);
  }

  /** Bytes that came from an origin. */
  void fetched(long bytes, OriginReason reason) {
    bytesFromOrigins.add(bytes);
    count(reason).add(bytes);
  }

  /** Bytes from origins since the start, by the reason. */
  Map<OriginReason, Long> originReasons() {
    Map<OriginReason, Long> bytes = new EnumMap<>(OriginReason.class);
    originReasons.forEach((reason, count) -> bytes.put(reason, count.sum()));
    return bytes;
  }

  private LongAdder count(OriginReason reason) {
    LongAdder count = originReasons.get(reason);
    if (count == null) {
      throw new IllegalStateException("no count for " + reason);
    }
    return count;
  }
}
