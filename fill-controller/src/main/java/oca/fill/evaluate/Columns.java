package oca.fill.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.zip.GZIPInputStream;

/** The columns of one file, by their names in its header. */
record Columns(Map<String, Integer> columns, int least) {
  static final int MAX_NAME = 1024;

  static Columns read(Path file, CsvLines lines, List<String> required) throws IOException {
    if (!lines.next() || !lines.flaw().isEmpty()) {
      throw new Tables.TableRefusedException(
          file, "no header; the first line must name the columns " + String.join(",", required));
    }
    Map<String, Integer> columns = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (int field = 0; field < lines.fields(); field++) {
      names.add(lines.shown(field));
      if (columns.put(lines.text(field), field) != null) {
        throw new Tables.TableRefusedException(
            file, "the column " + lines.shown(field) + " is there twice; rename one");
      }
    }
    List<String> missing = required.stream().filter(it -> !columns.containsKey(it)).toList();
    if (!missing.isEmpty()) {
      throw new Tables.TableRefusedException(
          file,
          "the header lacks "
              + String.join(", ", missing)
              + "; it has "
              + String.join(", ", names.subList(0, Math.min(20, names.size()))));
    }
    int least = required.stream().mapToInt(it -> columns.getOrDefault(it, 0)).max().orElse(0) + 1;
    return new Columns(Map.copyOf(columns), least);
  }

  int at(String column) {
    return columns.getOrDefault(column, 0);
  }

  int find(String column) {
    return columns.getOrDefault(column, -1);
  }

  boolean fits(CsvLines lines, BadRows bad) {
    if (!lines.flaw().isEmpty()) {
      bad.refuse("line", lines.line(), lines.flaw());
      return false;
    }
    if (lines.fields() < least) {
      bad.refuse(
          "line",
          lines.line(),
          "the line has "
              + lines.fields()
              + " fields where the header asks for "
              + least
              + " at least; fill them in");
      return false;
    }
    return true;
  }

  /** Whether a column has a name in it, refusing the row otherwise. */
  boolean isName(CsvLines lines, String column, BadRows bad) {
    int field = at(column);
    int length = lines.to(field) - lines.from(field);
    if (length > 0 && length <= MAX_NAME) {
      return true;
    }
    bad.refuse(
        column,
        lines.line(),
        length == 0
            ? column + " is empty; name one"
            : column + " has more than " + MAX_NAME + " bytes; shorten it");
    return false;
  }

  /** A number of 0 or more or nothing; empty when it was refused. */
  Optional<OptionalDouble> optional(CsvLines lines, String column, BadRows bad) {
    int field = find(column);
    if (field < 0 || field >= lines.fields() || lines.from(field) == lines.to(field)) {
      return Optional.of(OptionalDouble.empty());
    }
    double value = lines.number(field);
    if (!(value >= 0 && value <= 1L << 60)) {
      bad.refuse(
          column,
          lines.line(),
          column + " is " + lines.shown(field) + "; write a number, 0 or more, or nothing");
      return Optional.empty();
    }
    return Optional.of(OptionalDouble.of(value));
  }

  /** Opens a file, unpacking {@code .gz}. */
  static CsvLines open(Path file) throws IOException {
    if (!Files.isRegularFile(file) && !Files.exists(file)) {
      throw new Tables.TableRefusedException(file, "no such file");
    }
    InputStream in = Files.newInputStream(file);
    try {
      return new CsvLines(file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in);
    } catch (IOException e) {
      in.close();
      throw new Tables.TableRefusedException(file, e.getMessage() + "; is it packed by gzip?");
    }
  }
}
