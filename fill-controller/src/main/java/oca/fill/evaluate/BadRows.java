package oca.fill.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rows of a file that were refused: all counted by what was wrong, the first few shown. */
public final class BadRows {
  static final int EXAMPLES = 10;

  /**
   * What was refused.
   *
   * @param rows in all
   * @param byReason counts by the column or rule that was offended
   * @param examples at most ten, each with file, line and remedy
   */
  public record Summary(long rows, Map<String, Long> byReason, List<String> examples) {
    public Summary {
      byReason = new TreeMap<>(byReason);
      examples = List.copyOf(examples);
    }

    /** None refused. */
    public static final Summary NONE = new Summary(0, Map.of(), List.of());
  }

  private final String file;
  private final Map<String, Long> byReason = new TreeMap<>();
  private final List<String> examples = new ArrayList<>();
  private long rows;

  BadRows(String file) {
    this.file = file;
  }

  void refuse(String reason, long line, String sentence) {
    rows++;
    byReason.merge(reason, 1L, Long::sum);
    if (examples.size() < EXAMPLES) {
      examples.add(file + ":" + line + ": " + sentence);
    }
  }

  Summary summary() {
    return new Summary(rows, byReason, examples);
  }
}
