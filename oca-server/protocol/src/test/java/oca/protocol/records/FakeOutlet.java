package oca.protocol.records;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import oca.protocol.ServeRecords;
import oca.protocol.Wire;
import oca.protocol.kafka.Packing;

/** An outlet that can be away, refuse messages of a length, or fail some of those it is sent. */
final class FakeOutlet implements Outlet {
  final List<ServeRecords> taken = new CopyOnWriteArrayList<>();
  volatile boolean away;
  volatile int refusedFrom = Integer.MAX_VALUE;
  volatile int failAt = -1;
  volatile int tries;

  @Override
  public synchronized Sent send(List<byte[]> messages) throws IOException {
    tries++;
    if (away) {
      throw new IOException("away on purpose");
    }
    List<Fate> fates = new ArrayList<>();
    for (byte[] message : messages) {
      if (fates.size() == failAt) {
        failAt = -1;
        fates.add(Fate.FAILED);
      } else if (message.length >= refusedFrom) {
        fates.add(Fate.REFUSED);
      } else {
        taken.add(Wire.read(Packing.unpack(message, 1 << 24), ServeRecords.class));
        fates.add(Fate.TAKEN);
      }
    }
    return new Sent(fates, fates.contains(Fate.TAKEN) ? "" : "refused on purpose");
  }

  @Override
  public void close() {}

  /** Records that arrived, and those that arrived messages tell of. */
  long accounted() {
    return taken.stream().mapToLong(it -> it.records().size() + it.dropped()).sum();
  }

  List<Long> numbers() {
    return taken.stream().flatMap(it -> it.records().stream()).map(it -> it.file().low()).toList();
  }
}
