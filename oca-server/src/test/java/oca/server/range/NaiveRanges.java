package oca.server.range;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.model.ByteRange;
import oca.server.range.RangeHeader.Selection;

/**
 * RFC 9110, section 14, read a second time: by regular expressions and big integers, and merged by
 * sorting. Slow, and shares no line with {@link RangeHeader}.
 */
final class NaiveRanges {
  private static final Pattern ONE = Pattern.compile("([0-9]*)-([0-9]*)");
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  /** A range with the place in the field at which the first of its members stood. */
  private record Placed(int place, long first, long last) {}

  private NaiveRanges() {}

  static Selection select(String field, long length, int maxRanges) {
    if (!field.matches("(?is)bytes=.*")) {
      return new Selection.Ignored();
    }
    List<Placed> found = new ArrayList<>();
    boolean allOfNothing = false;
    int listed = 0;
    for (String element : field.substring(6).split(",", -1)) {
      String range = element.replaceAll("(?s)^[ \t]+|[ \t]+$", "");
      if (range.isEmpty()) {
        continue;
      }
      if (++listed > maxRanges) {
        return new Selection.TooMany();
      }
      Matcher ends = ONE.matcher(range);
      if (!ends.matches() || range.equals("-")) {
        return new Selection.Ignored();
      }
      boolean suffix = ends.group(1).isEmpty();
      boolean open = ends.group(2).isEmpty();
      BigInteger left = suffix ? BigInteger.ZERO : number(ends.group(1));
      BigInteger right = open ? MOST : number(ends.group(2));
      if (!suffix && left.compareTo(right) > 0) {
        return new Selection.Ignored();
      }
      BigInteger size = BigInteger.valueOf(length);
      BigInteger first = suffix ? size.subtract(right).max(BigInteger.ZERO) : left;
      BigInteger last = (suffix ? size : right.add(BigInteger.ONE)).min(size);
      if (first.compareTo(last) < 0) {
        found.add(new Placed(listed, first.longValueExact(), last.longValueExact() - 1));
      }
      allOfNothing |= length == 0 && suffix && right.signum() > 0;
    }
    return listed == 0 || allOfNothing ? new Selection.Ignored() : merged(found);
  }

  private static Selection merged(List<Placed> found) {
    List<Placed> apart = new ArrayList<>();
    for (Placed next : found.stream().sorted(Comparator.comparingLong(Placed::first)).toList()) {
      Placed before = apart.isEmpty() ? null : apart.getLast();
      if (before == null || next.first() - before.last() > 80) {
        apart.add(next);
      } else {
        apart.removeLast();
        apart.add(
            new Placed(
                Math.min(before.place(), next.place()),
                before.first(),
                Math.max(before.last(), next.last())));
      }
    }
    List<ByteRange> ranges =
        apart.stream()
            .sorted(Comparator.comparingInt(Placed::place))
            .map(it -> new ByteRange(it.first(), it.last()))
            .toList();
    return switch (ranges.size()) {
      case 0 -> new Selection.Unsatisfiable();
      case 1 -> new Selection.Satisfiable(ranges.getFirst());
      default -> new Selection.Several(ranges);
    };
  }

  /** No file is longer, so what is beyond counts as this long. */
  private static BigInteger number(String digits) {
    return new BigInteger(digits).min(MOST);
  }
}
