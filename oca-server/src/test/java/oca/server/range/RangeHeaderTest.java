package oca.server.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import oca.model.ByteRange;
import oca.server.range.RangeHeader.Selection;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, sections 14.1, 14.2, 15.3.7.2 and 17.15. */
class RangeHeaderTest {
  private static final int LIMIT = 5;
  private static final Pattern RANGE = Pattern.compile("(\\d*)-(\\d*)");

  /** One range. */
  @Nested
  class Section_14_1_2 {
    @ParameterizedTest
    @CsvSource({
      "bytes=0-499, 10000, 0-499",
      "bytes=500-999, 10000, 500-999",
      "bytes=-500, 10000, 9500-9999",
      "bytes=9500-, 10000, 9500-9999",
      "bytes=0-0, 10000, 0-0",
      "bytes=-1, 10000, 9999-9999",
      "bytes=0-99999, 10000, 0-9999",
      "bytes=-99999, 10000, 0-9999",
      "BYTES=1-2, 10000, 1-2",
      "'bytes=, 1-2 ,', 10000, 1-2",
      "'bytes=,,1-2', 10000, 1-2",
      "'bytes= 1-2', 10000, 1-2",
      "bytes=007-8, 10000, 7-8",
      "bytes=4294967296-4294967300, 6000000000, 4294967296-4294967300",
      "bytes=1-99999999999999999999999, 10000, 1-9999",
      "bytes=-99999999999999999999999, 10000, 0-9999",
      "bytes=10000-, 10000, unsatisfiable",
      "bytes=10000-10001, 10000, unsatisfiable",
      "bytes=99999999999999999999999-, 10000, unsatisfiable",
      "bytes=-0, 10000, unsatisfiable",
      "bytes=0-, 0, unsatisfiable",
      "bytes=-0, 0, unsatisfiable",
      "bytes=-5, 0, ignored",
    })
    void select_oneRange_isAsTheRfcSays(String field, long length, String expected) {
      assertEquals(expected, word(RangeHeader.select(field, length, LIMIT)));
    }
  }

  /** What is to be ignored, and what may be. */
  @Nested
  class Section_14_2 {
    @ParameterizedTest
    @CsvSource({
      "bytes=2-1",
      "bytes=-",
      "bytes=",
      "'bytes=,'",
      "bytes",
      "''",
      "bytes 0-1",
      "bytes=1",
      "bytes=1-2-3",
      "bytes=--2",
      "bytes=a-b",
      "bytes=+1-2",
      "bytes=1 -2",
      "bytes=1-2 3-4",
      "bytes=1-2;3-4",
      "bytes=\u0661-\u0662",
      "seconds=1-2",
      "'bytes=0-1, bytes=3-4'",
      "'bytes=0-1, 9-3'",
      "'bytes=0-1, x'",
      "'bytes=x, 0-1'",
    })
    void select_malformedOrOtherUnit_isIgnored(String field) {
      assertEquals("ignored", word(RangeHeader.select(field, 10_000, LIMIT)));
    }

    @ParameterizedTest
    @CsvSource({
      "'bytes=0-9, 20000-', 0-9",
      "'bytes=20000-,-0,5-5', 5-5",
      "'bytes=20000-20001, 30000-', unsatisfiable",
      "'bytes=-0, -0', unsatisfiable",
    })
    void select_someUnsatisfiable_areDropped(String field, String expected) {
      assertEquals(expected, word(RangeHeader.select(field, 10_000, LIMIT)));
    }
  }

  /** Several ranges. */
  @Nested
  class Section_15_3_7_2 {
    @ParameterizedTest
    @CsvSource({
      "'bytes=0-9,1000-1009', '0-9 1000-1009'",
      "'bytes=0-9 ,\t1000-1009', '0-9 1000-1009'",
      "'bytes=0-0,-1', '0-0 9999-9999'",
      "'bytes=500-700,601-999', 500-999",
      "'bytes=0-9,10-19', 0-19",
      "'bytes=0-9,89-99', 0-99",
      "'bytes=0-9,90-99', '0-9 90-99'",
      "'bytes=90-99,0-9', '90-99 0-9'",
      "'bytes=0-9,0-9,0-9', 0-9",
      "'bytes=0-,5-9,-7', 0-9999",
    })
    void select_overlappingOrNear_areMerged(String field, String expected) {
      assertEquals(expected, word(RangeHeader.select(field, 10_000, LIMIT)));
    }

    @ParameterizedTest
    @CsvSource({
      "'bytes=5000-5009,1000-1009,3000-3009', '5000-5009 1000-1009 3000-3009'",
      "'bytes=5000-5009,1000-1009,5010-5019', '5000-5019 1000-1009'",
      "'bytes=0-9,5000-5009,200-209,10-199', '0-209 5000-5009'",
      "'bytes=5000-5009,0-9,200-209,10-199', '5000-5009 0-209'",
      "'bytes=1000-1009,0-9,2000-2009,0-3000', '0-3000'",
    })
    void select_order_isThatOfTheFieldsFirstMembers(String field, String expected) {
      assertEquals(expected, word(RangeHeader.select(field, 10_000, LIMIT)));
    }
  }

  /** Denial of service. */
  @Nested
  class Section_17_15 {
    @Test
    void select_moreThanTheLimit_isRefused() {
      assertEquals(5, word(RangeHeader.select(list(LIMIT), 10_000, LIMIT)).split(" ", -1).length);
      assertEquals("too many", word(RangeHeader.select(list(LIMIT + 1), 10_000, LIMIT)));
      assertEquals("too many", word(RangeHeader.select(list(100_000), 10_000, LIMIT)));
    }

    @Test
    void select_limit_countsRangesBeforeAnyIsDroppedOrMerged() {
      assertEquals("too many", word(RangeHeader.select("bytes=0-9,0-9", 10_000, 1)));
      assertEquals("too many", word(RangeHeader.select("bytes=20000-,0-9", 10_000, 1)));
      assertEquals("0-9", word(RangeHeader.select("bytes=,0-9,", 10_000, 1)));
    }

    private static String list(int count) {
      return IntStream.range(0, count)
          .mapToObj(i -> 200 * i + "-" + 200 * i)
          .collect(Collectors.joining(",", "bytes=", ""));
    }
  }

  @Property
  void select_anyField_agreesWithCountingEachByte(
      @ForAll("fields") String field, @ForAll @IntRange(max = 1200) int length) {
    assertEquals(bruteForce(field, length), word(RangeHeader.select(field, length, LIMIT)), field);
  }

  @Property
  void single_anyField_isWhatSelectSaysOrNothing(
      @ForAll("fields") String field, @ForAll @IntRange(max = 1200) int length) {
    ByteRange single = RangeHeader.single(field, length);
    Selection selection = RangeHeader.select(field, length, LIMIT);
    if (single != null) {
      assertEquals(new Selection.Satisfiable(single), selection, field);
    } else if (selection instanceof Selection.Satisfiable) {
      assertTrue(field.contains(",") || field.contains(" "), field);
    }
  }

  @Provide
  Arbitrary<String> fields() {
    Arbitrary<String> numbers =
        Arbitraries.frequencyOf(
            Tuple.of(40, Arbitraries.integers().between(0, 1300).map(String::valueOf)),
            Tuple.of(20, Arbitraries.integers().between(0, 20).map(String::valueOf)),
            Tuple.of(8, Arbitraries.just("")),
            Tuple.of(2, Arbitraries.just("9223372036854775808")),
            Tuple.of(1, Arbitraries.strings().withChars("0-a ,").ofMaxLength(3)));
    Arbitrary<String> members =
        Combinators.combine(numbers, numbers, Arbitraries.integers().between(0, 9))
            .as((a, b, swaps) -> swaps > 0 && isBelow(b, a) ? b + "-" + a : a + "-" + b);
    Arbitrary<String> lists =
        Combinators.combine(
                members.list().ofMinSize(1).ofMaxSize(LIMIT + 1),
                Arbitraries.of(",", ",", ", ", " ,\t", ",,"))
            .as((list, comma) -> String.join(comma, list));
    Arbitrary<String> units =
        Arbitraries.frequencyOf(
            Tuple.of(20, Arbitraries.just("bytes=")),
            Tuple.of(1, Arbitraries.of("Bytes=", "bytes= ", "items=", "", "bytes=,")));
    Arbitrary<String> tails =
        Arbitraries.frequencyOf(
            Tuple.of(20, Arbitraries.just("")), Tuple.of(1, Arbitraries.of(" ", ",", "-")));
    return Combinators.combine(units, lists, tails).as((unit, list, tail) -> unit + list + tail);
  }

  private static boolean isBelow(String a, String b) {
    return a.matches("\\d+") && b.matches("\\d+") && number(a).compareTo(number(b)) < 0;
  }

  /** Which bytes the field selects, asked byte by byte, and how they fall into runs. */
  private static String bruteForce(String field, int length) {
    if (!field.toLowerCase(java.util.Locale.ROOT).startsWith("bytes=")) {
      return "ignored";
    }
    List<BitSet> members = new ArrayList<>();
    boolean endOfNothing = false;
    for (String element : field.substring(6).split(",", -1)) {
      if (element.isBlank()) {
        continue;
      }
      if (members.size() == LIMIT) {
        return "too many";
      }
      Matcher range = RANGE.matcher(element.strip());
      if (!range.matches() || !isValid(range.group(1), range.group(2))) {
        return "ignored";
      }
      members.add(bytes(range.group(1), range.group(2), length));
      endOfNothing |=
          length == 0 && range.group(1).isEmpty() && number(range.group(2)).signum() > 0;
    }
    if (members.isEmpty() || endOfNothing) {
      return "ignored";
    }
    String runs = runs(members);
    return runs.isEmpty() ? "unsatisfiable" : runs;
  }

  private static boolean isValid(String first, String last) {
    return !(first + last).isEmpty()
        && (first.isEmpty() || last.isEmpty() || number(first).compareTo(number(last)) <= 0);
  }

  private static BitSet bytes(String first, String last, int length) {
    BitSet bytes = new BitSet();
    for (int i = 0; i < length; i++) {
      BigInteger at = BigInteger.valueOf(i);
      BigInteger fromEnd = BigInteger.valueOf(length - i);
      bytes.set(
          i,
          first.isEmpty()
              ? fromEnd.compareTo(number(last)) <= 0
              : at.compareTo(number(first)) >= 0
                  && (last.isEmpty() || at.compareTo(number(last)) <= 0));
    }
    return bytes;
  }

  /** All bytes together, gaps below 80 closed, in the order in which members touch them. */
  private static String runs(List<BitSet> members) {
    BitSet all = new BitSet();
    members.forEach(all::or);
    for (int end = all.nextClearBit(all.nextSetBit(0) + 1); end < all.length(); ) {
      int next = all.nextSetBit(end);
      if (next - end < 80) {
        all.set(end, next);
      }
      end = all.nextClearBit(next);
    }
    List<ByteRange> runs = new ArrayList<>();
    for (int first = all.nextSetBit(0); first >= 0; ) {
      int end = all.nextClearBit(first);
      runs.add(new ByteRange(first, end - 1));
      first = all.nextSetBit(end);
    }
    runs.sort(
        Comparator.comparingInt(
            run ->
                IntStream.range(0, members.size())
                    .filter(
                        i -> !members.get(i).get((int) run.first(), (int) run.last() + 1).isEmpty())
                    .findFirst()
                    .orElseThrow()));
    return words(runs);
  }

  private static BigInteger number(String digits) {
    return new BigInteger(digits);
  }

  private static String words(List<ByteRange> ranges) {
    return ranges.stream().map(it -> it.first() + "-" + it.last()).collect(Collectors.joining(" "));
  }

  private static String word(Selection selection) {
    return switch (selection) {
      case Selection.Ignored() -> "ignored";
      case Selection.Satisfiable(ByteRange range) -> words(List.of(range));
      case Selection.Several(List<ByteRange> ranges) -> words(ranges);
      case Selection.Unsatisfiable() -> "unsatisfiable";
      case Selection.TooMany() -> "too many";
    };
  }
}
