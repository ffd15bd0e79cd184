package oca.flink;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import oca.fill.demand.Ranked;
import oca.model.ContentId;

/** The files that a region asks for, in their order. For one thread. */
final class RankTable {
  private final Map<ContentId, Ranked> files = new HashMap<>();
  private final NavigableSet<Ranked> order = new TreeSet<>();

  /**
   * Takes what is the newest of a file.
   *
   * @param most files that are kept; the one watched least goes first
   */
  void put(Standing standing, int most) {
    Ranked before = files.remove(standing.file());
    if (before != null) {
      order.remove(before);
    }
    if (standing.bytes() > 0) {
      add(new Ranked(standing.file(), standing.bytes(), standing.length()));
    }
    while (order.size() > most) {
      files.remove(order.removeLast().file());
    }
  }

  private void add(Ranked ranked) {
    files.put(ranked.file(), ranked);
    order.add(ranked);
  }

  Popular popular(String region, Instant at, int most) {
    return new Popular(
        region,
        at,
        order.size(),
        order.stream()
            .limit(most)
            .map(it -> new Popular.Line(it.file(), it.plays(), it.bytes()))
            .toList());
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(order.size());
    for (Ranked ranked : order) {
      Forms.writeFile(ranked.file(), out);
      out.writeLong(ranked.bytes());
      out.writeLong(ranked.length());
    }
  }

  static RankTable read(DataInput in) throws IOException {
    RankTable table = new RankTable();
    for (int left = in.readInt(); left > 0; left--) {
      table.add(new Ranked(Forms.readFile(in), in.readLong(), in.readLong()));
    }
    return table;
  }
}
