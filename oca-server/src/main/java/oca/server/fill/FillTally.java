package oca.server.fill;

import java.util.concurrent.atomic.LongAdder;

/** What all workers together have done since the start. Safe on any thread. */
final class FillTally {
  final LongAdder filled = new LongAdder();
  final LongAdder repaired = new LongAdder();
  final LongAdder givenUp = new LongAdder();
  final LongAdder sourceFailures = new LongAdder();
  final LongAdder listsUnread = new LongAdder();
  final LongAdder bytesFromPeers = new LongAdder();
  final LongAdder bytesFromOrigins = new LongAdder();

  void fetched(long bytes, boolean fromOrigin) {
    (fromOrigin ? bytesFromOrigins : bytesFromPeers).add(bytes);
  }
}
