package oca.server.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import oca.model.ByteRange;
import oca.server.range.RangeHeader.Selection;
import org.junit.jupiter.api.Tag;

/**
 * Any bytes as a Range field, over files whose lengths lie at, before and behind each number in it,
 * against {@link NaiveRanges}.
 */
@Tag("fuzz")
class RangeHeaderFuzzTest {
  private static final List<Integer> LIMITS = List.of(1, 2, 16);
  private static final int MOST_LENGTHS = 24;
  private static final String DIGEST = "0123456789abcdef".repeat(4);
  private static final String BOUNDARY = "a-boundary.of_38-characters-or-so-0001";

  @FuzzTest
  void select(byte[] data) {
    String field = new String(data, StandardCharsets.ISO_8859_1);
    for (long length : lengths(field)) {
      for (int limit : LIMITS) {
        check(field, length, limit);
      }
    }
  }

  private static void check(String field, long length, int limit) {
    String what = "'" + field + "' of " + length + " bytes, at most " + limit + " ranges";
    Selection selection = RangeHeader.select(field, length, limit);
    assertEquals(NaiveRanges.select(field, length, limit), selection, what);
    ByteRange single = RangeHeader.single(field, length);
    switch (selection) {
      case Selection.Satisfiable(ByteRange range) -> {
        assertWithin(range, length, what);
        assertTrue(single == null || single.equals(range), what);
        assertTrue(single != null || field.matches("(?s).*[, \t].*"), what);
      }
      case Selection.Several(List<ByteRange> ranges) -> {
        assertNull(single, what);
        assertApart(ranges, length, what);
        assertTrue(ranges.size() <= limit, what);
        assertLaidOut(ranges, length, what);
      }
      case Selection.Ignored(), Selection.Unsatisfiable(), Selection.TooMany() ->
          assertNull(single, what);
    }
  }

  private static void assertWithin(ByteRange range, long length, String what) {
    assertTrue(0 <= range.first() && range.first() <= range.last() && range.last() < length, what);
  }

  private static void assertApart(List<ByteRange> ranges, long length, String what) {
    for (int i = 0; i < ranges.size(); i++) {
      ByteRange one = ranges.get(i);
      assertWithin(one, length, what);
      for (ByteRange other : ranges.subList(i + 1, ranges.size())) {
        assertTrue(
            one.last() + RangeHeader.PART_OVERHEAD < other.first()
                || other.last() + RangeHeader.PART_OVERHEAD < one.first(),
            what);
      }
    }
  }

  /** The length that is told is that of all that is sent, and no byte is sent twice. */
  private static void assertLaidOut(List<ByteRange> ranges, long length, String what) {
    Representation file = Representation.of(DIGEST, length, 0, "video/mp4");
    MultipartLayout layout = MultipartLayout.of(ranges, file, BOUNDARY);
    long bytes = 0;
    StringBuilder frame = new StringBuilder();
    for (MultipartLayout.Section section : layout.sections()) {
      frame.append(new String(section.preamble(), StandardCharsets.US_ASCII));
      bytes += section.range().length();
    }
    frame.append(new String(layout.closing(), StandardCharsets.US_ASCII));
    StringBuilder expected = new StringBuilder();
    for (ByteRange range : ranges) {
      expected
          .append(expected.isEmpty() ? "" : "\r\n")
          .append("--" + BOUNDARY + "\r\nContent-Type: video/mp4\r\nContent-Range: bytes ")
          .append(range.first() + "-" + range.last() + "/" + length + "\r\n\r\n");
    }
    expected.append("\r\n--" + BOUNDARY + "--\r\n");
    assertEquals(expected.toString(), frame.toString(), what);
    assertEquals(frame.length() + bytes, layout.contentLength(), what);
    assertTrue(bytes <= length, what);
  }

  private static SortedSet<Long> lengths(String field) {
    SortedSet<Long> lengths = new TreeSet<>(List.of(0L, 1L, 1000L, 1L << 40, Long.MAX_VALUE >> 1));
    for (String digits : field.split("[^0-9]+", 9)) {
      if (digits.matches("[0-9]{1,18}") && lengths.size() < MOST_LENGTHS) {
        long number = Long.parseLong(digits);
        lengths.addAll(List.of(Math.max(0, number - 1), number, number + 1, number + 81));
      }
    }
    return lengths;
  }
}
