package oca.flink;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import oca.fill.demand.Tally.Amount;
import oca.fill.demand.Tally.Cell;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import org.jspecify.annotations.Nullable;

/** Demand without a known file or region, while there is room for it. For one thread. */
final class ApartTable {
  private final Map<Cell, Amount> rows = new LinkedHashMap<>();
  private long newest = Long.MIN_VALUE;
  private String version = "";

  /**
   * Adds it while there is room.
   *
   * @param historyHours that are kept
   * @return requests that found none
   */
  long add(DemandPart part, int most, long historyHours) {
    Cell cell = part.cell();
    if (cell.hour() > newest) {
      newest = cell.hour();
      rows.keySet().removeIf(it -> it.hour() <= newest - historyHours);
    }
    if (rows.size() >= most && !rows.containsKey(cell)) {
      return part.amount().requests();
    }
    rows.merge(cell, part.amount(), Amount::plus);
    return 0;
  }

  /**
   * Gives back what is known by now, if the catalogue is another than it was.
   *
   * @param region of a network; null when it is in none
   */
  List<DemandPart> adopt(
      String catalog,
      Function<ContentId, @Nullable CatalogEntry> known,
      Function<String, @Nullable String> region) {
    if (catalog.equals(version)) {
      return List.of();
    }
    version = catalog;
    List<DemandPart> adopted = new ArrayList<>();
    rows.entrySet()
        .removeIf(
            row -> {
              Cell cell = row.getKey();
              CatalogEntry entry = known.apply(cell.file());
              String place = region.apply(cell.place());
              if (entry == null || place == null) {
                return false;
              }
              adopted.add(
                  new DemandPart(
                      new Cell(cell.file(), place, cell.hour()), row.getValue(), entry.length()));
              return true;
            });
    return adopted;
  }

  int size() {
    return rows.size();
  }

  void write(DataOutput out) throws IOException {
    Forms.writeText(version, out);
    out.writeLong(newest);
    out.writeInt(rows.size());
    for (Map.Entry<Cell, Amount> row : rows.entrySet()) {
      Forms.writeFile(row.getKey().file(), out);
      Forms.writeText(row.getKey().place(), out);
      out.writeLong(row.getKey().hour());
      Forms.writeAmount(row.getValue(), out);
    }
  }

  static ApartTable read(DataInput in) throws IOException {
    ApartTable table = new ApartTable();
    table.version = Forms.readText(in);
    table.newest = in.readLong();
    for (int left = in.readInt(); left > 0; left--) {
      Cell cell = new Cell(Forms.readFile(in), Forms.readText(in), in.readLong());
      table.rows.put(cell, Forms.readAmount(in));
    }
    return table;
  }
}
