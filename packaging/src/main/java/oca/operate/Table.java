package oca.operate;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows under headings, each column as wide as it must be; where that is too wide for the screen,
 * the widest column is cut, and what is cut off is marked; of a path its end stays. A heading that
 * begins with {@code >} is of numbers, which are set to the right.
 */
public final class Table {
  private static final String GAP = "  ";

  private final String[] headings;
  private final boolean[] rights;
  private final List<String[]> rows = new ArrayList<>();

  /** With these headings. */
  public Table(String... headings) {
    this.headings = new String[headings.length];
    this.rights = new boolean[headings.length];
    for (int i = 0; i < headings.length; i++) {
      rights[i] = headings[i].startsWith(">");
      this.headings[i] = rights[i] ? headings[i].substring(1) : headings[i];
    }
  }

  /** Adds a row of as many cells as there are headings. */
  public void row(Object... cells) {
    rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
  }

  /** Whether it has no rows. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Prints it with that before each line. */
  public void print(PrintWriter out, Style style, String indent) {
    int[] widths = widths(style.width() - indent.length());
    out.println(indent + style.bold(line(headings, widths)));
    rows.forEach(row -> out.println(indent + line(row, widths)));
  }

  private int[] widths(int most) {
    int[] widths = new int[headings.length];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = headings[i].length();
      for (String[] row : rows) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    int gaps = GAP.length() * (widths.length - 1);
    int over = IntStream.of(widths).sum() + gaps - most;
    while (over > 0) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = !rights[i] && widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= 4) {
        break;
      }
      widths[widest]--;
      over--;
    }
    return widths;
  }

  private String line(String[] cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String cell = cut(cells[i], widths[i]);
      String pad = " ".repeat(widths[i] - cell.length());
      line.append(i == 0 ? "" : GAP).append(rights[i] ? pad + cell : cell + pad);
    }
    return line.toString().stripTrailing();
  }

  private static String cut(String cell, int width) {
    if (cell.length() <= width) {
      return cell;
    }
    int kept = Math.max(0, width - 1);
    return cell.startsWith("/")
        ? "~" + cell.substring(cell.length() - kept)
        : cell.substring(0, kept) + "~";
  }
}
