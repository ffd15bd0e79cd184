package oca.flink;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import oca.fill.causes.Cell;
import oca.fill.causes.MissLedger;
import org.jspecify.annotations.Nullable;

/** The sums of all labels, and which of them changed. For one thread. */
final class MissTable {
  private final Saved saved;
  private final Map<Cell, Cell> changed = new LinkedHashMap<>();
  private @Nullable MissLedger ledger;

  /** What is in a checkpoint. */
  record Saved(List<Cell> cells, List<Cell> changed, long folded, long outside) {
    Saved {
      cells = List.copyOf(cells);
      changed = List.copyOf(changed);
    }
  }

  private MissTable(Saved saved) {
    this.saved = saved;
    saved.changed().forEach(cell -> changed.put(cell.key(), cell));
  }

  static MissTable empty() {
    return new MissTable(new Saved(List.of(), List.of(), 0, 0));
  }

  static MissTable of(Saved saved) {
    return new MissTable(saved);
  }

  void add(Cell cell, int hours, int cells) {
    Cell sum = ledger(hours, cells).add(cell);
    if (sum != null) {
      changed.put(sum.key(), sum);
    }
  }

  /** Sums that changed since this was last asked. */
  List<Cell> changed() {
    List<Cell> since = List.copyOf(changed.values());
    changed.clear();
    return since;
  }

  void prune(Instant now, int hours, int cells) {
    var _ = ledger(hours, cells).prune(now);
  }

  long folded() {
    return ledger == null ? saved.folded() : ledger.folded();
  }

  long outside() {
    return ledger == null ? saved.outside() : ledger.outside();
  }

  Saved saved() {
    if (ledger == null) {
      return new Saved(saved.cells(), List.copyOf(changed.values()), folded(), outside());
    }
    List<Cell> all = new ArrayList<>();
    for (long hour : ledger.hours()) {
      all.addAll(ledger.cells(hour));
    }
    return new Saved(all, List.copyOf(changed.values()), folded(), outside());
  }

  private MissLedger ledger(int hours, int cells) {
    if (ledger == null) {
      ledger = new MissLedger(hours, cells);
      ledger.restore(saved.cells(), saved.folded(), saved.outside());
    }
    return ledger;
  }
}
