package oca.flink;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import oca.fill.demand.Tally.Amount;
import oca.model.ContentId;

/**
 * Demand for one file by hour of plan time and region, what of it changed, and what was told of the
 * last 24 hours. For one thread.
 */
final class FileDemand {
  private static final int DAY = 24;
  private static final long SECONDS = 3600;

  private final ContentId file;
  private final NavigableMap<Long, Map<String, Amount>> hours = new TreeMap<>();
  private final NavigableMap<Long, Set<String>> changed = new TreeMap<>();
  private final Map<String, Long> told = new TreeMap<>();
  private long length;

  FileDemand(ContentId file) {
    this.file = file;
  }

  void add(DemandPart part) {
    long hour = part.cell().hour();
    String region = part.cell().place();
    length = part.length() > 0 ? part.length() : length;
    hours.computeIfAbsent(hour, _ -> new TreeMap<>()).merge(region, part.amount(), Amount::plus);
    changed.computeIfAbsent(hour, _ -> new TreeSet<>()).add(region);
  }

  /** Sums that changed since this was last asked. */
  List<DemandSum> changed() {
    List<DemandSum> since = new ArrayList<>();
    changed.forEach(
        (hour, regions) -> {
          Map<String, Amount> all = hours.getOrDefault(hour, Map.of());
          for (String region : regions) {
            Amount amount = all.get(region);
            if (amount != null) {
              since.add(
                  new DemandSum(
                      file,
                      region,
                      Instant.ofEpochSecond(hour * SECONDS),
                      amount.bytes(),
                      amount.requests()));
            }
          }
        });
    changed.clear();
    return since;
  }

  /** What is not as it was told before of the 24 hours that end with {@code hour}. */
  List<Standing> standings(long hour) {
    Map<String, Long> now = new TreeMap<>();
    hours
        .subMap(hour - DAY, false, hour, true)
        .values()
        .forEach(
            regions ->
                regions.forEach(
                    (region, amount) -> {
                      now.merge(region, amount.bytes(), Long::sum);
                      now.merge(Standing.ALL, amount.bytes(), Long::sum);
                    }));
    List<Standing> news = new ArrayList<>();
    for (String region : told.keySet()) {
      if (!now.containsKey(region)) {
        news.add(new Standing(region, file, 0, length));
      }
    }
    now.forEach(
        (region, bytes) -> {
          if (!bytes.equals(told.get(region))) {
            news.add(new Standing(region, file, bytes, length));
          }
        });
    told.clear();
    told.putAll(now);
    return news;
  }

  /** Forgets hours up to {@code hour}. */
  void prune(long hour) {
    hours.headMap(hour, true).clear();
    changed.headMap(hour, true).clear();
  }

  /** The next hour at which something is to be told or forgotten; MAX when nothing is known. */
  long next(long hour, int historyDays) {
    if (hours.isEmpty()) {
      return Long.MAX_VALUE;
    }
    return told.isEmpty() ? hours.firstKey() + (long) DAY * historyDays : hour + 1;
  }

  void write(DataOutput out) throws IOException {
    Forms.writeFile(file, out);
    out.writeLong(length);
    out.writeInt(hours.size());
    for (Map.Entry<Long, Map<String, Amount>> hour : hours.entrySet()) {
      out.writeLong(hour.getKey());
      Set<String> news = changed.getOrDefault(hour.getKey(), Set.of());
      out.writeInt(hour.getValue().size());
      for (Map.Entry<String, Amount> region : hour.getValue().entrySet()) {
        Forms.writeText(region.getKey(), out);
        Forms.writeAmount(region.getValue(), out);
        out.writeBoolean(news.contains(region.getKey()));
      }
    }
    out.writeInt(told.size());
    for (Map.Entry<String, Long> one : told.entrySet()) {
      Forms.writeText(one.getKey(), out);
      out.writeLong(one.getValue());
    }
  }

  static FileDemand read(DataInput in) throws IOException {
    FileDemand demand = new FileDemand(Forms.readFile(in));
    demand.length = in.readLong();
    for (int hours = in.readInt(); hours > 0; hours--) {
      long hour = in.readLong();
      Map<String, Amount> regions = new TreeMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        String region = Forms.readText(in);
        regions.put(region, Forms.readAmount(in));
        if (in.readBoolean()) {
          demand.changed.computeIfAbsent(hour, _ -> new TreeSet<>()).add(region);
        }
      }
      demand.hours.put(hour, regions);
    }
    for (int left = in.readInt(); left > 0; left--) {
      demand.told.put(Forms.readText(in), in.readLong());
    }
    return demand;
  }
}
