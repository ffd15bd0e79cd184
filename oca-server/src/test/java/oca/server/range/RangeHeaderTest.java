package oca.server.range;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import oca.model.ByteRange;
import oca.server.range.RangeHeader.Selection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, sections 14.1.2 and 14.2. */
class RangeHeaderTest {
  private static final Pattern ONE_RANGE =
      Pattern.compile("(?i:bytes)=[ \\t,]*(\\d*)-(\\d*)[ \\t,]*");

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
    "bytes=007-8, 10000, 7-8",
    "bytes=4294967296-4294967300, 6000000000, 4294967296-4294967300",
    "bytes=1-99999999999999999999999, 10000, 1-9999",
    "bytes=-99999999999999999999999, 10000, 0-9999",
    "bytes=10000-, 10000, unsatisfiable",
    "bytes=10000-10001, 10000, unsatisfiable",
    "bytes=99999999999999999999999-, 10000, unsatisfiable",
    "bytes=-0, 10000, unsatisfiable",
    "bytes=0-, 0, unsatisfiable",
    "bytes=-5, 0, ignored",
    "bytes=2-1, 10000, ignored",
    "bytes=-, 10000, ignored",
    "bytes=, 10000, ignored",
    "bytes, 10000, ignored",
    "'', 10000, ignored",
    "bytes 0-1, 10000, ignored",
    "bytes=1, 10000, ignored",
    "bytes=1-2-3, 10000, ignored",
    "bytes=--2, 10000, ignored",
    "bytes=a-b, 10000, ignored",
    "bytes=+1-2, 10000, ignored",
    "bytes=1 -2, 10000, ignored",
    "bytes=\u0661-\u0662, 10000, ignored",
    "seconds=1-2, 10000, ignored",
    "'bytes=0-1,3-4', 10000, ignored",
    "'bytes=0-1, bytes=3-4', 10000, ignored",
  })
  void select_example_isAsTheRfcSays(String field, long length, String expected) {
    assertEquals(expected, word(RangeHeader.select(field, length)));
  }

  @Property
  void select_anyField_agreesWithCountingEachByte(
      @ForAll("fields") String field, @ForAll @LongRange(min = 0, max = 40) long length) {
    assertEquals(bruteForce(field, length), word(RangeHeader.select(field, length)), field);
  }

  @Provide
  Arbitrary<String> fields() {
    Arbitrary<String> numbers =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(8, Arbitraries.integers().between(0, 45).map(String::valueOf)),
            net.jqwik.api.Tuple.of(2, Arbitraries.just("")),
            net.jqwik.api.Tuple.of(1, Arbitraries.just("9223372036854775808")),
            net.jqwik.api.Tuple.of(1, Arbitraries.strings().withChars("0-a ,").ofMaxLength(3)));
    Arbitrary<String> units =
        Arbitraries.of("bytes=", "bytes=", "bytes=", "Bytes=", "bytes= ", "items=", "");
    Arbitrary<String> tails = Arbitraries.of("", "", "", "", " ", ",", ",1-2", "-");
    return net.jqwik.api.Combinators.combine(units, numbers, numbers, tails)
        .as((unit, first, last, tail) -> unit + first + "-" + last + tail);
  }

  /** Which bytes the field selects, asked byte by byte. */
  private static String bruteForce(String field, long length) {
    Matcher matcher = ONE_RANGE.matcher(field);
    if (!matcher.matches() || (matcher.group(1) + matcher.group(2)).isEmpty()) {
      return "ignored";
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    if (!first.isEmpty() && !last.isEmpty() && number(last).compareTo(number(first)) < 0) {
      return "ignored";
    }
    List<Long> selected = new ArrayList<>();
    for (long i = 0; i < length; i++) {
      BigInteger at = BigInteger.valueOf(i);
      BigInteger fromEnd = BigInteger.valueOf(length - i);
      boolean in =
          first.isEmpty()
              ? fromEnd.compareTo(number(last)) <= 0
              : at.compareTo(number(first)) >= 0
                  && (last.isEmpty() || at.compareTo(number(last)) <= 0);
      if (in) {
        selected.add(i);
      }
    }
    if (selected.isEmpty()) {
      boolean endOfNothing = first.isEmpty() && number(last).signum() > 0;
      return endOfNothing ? "ignored" : "unsatisfiable";
    }
    return selected.getFirst() + "-" + selected.getLast();
  }

  private static BigInteger number(String digits) {
    return new BigInteger(digits);
  }

  private static String word(Selection selection) {
    return switch (selection) {
      case Selection.Ignored() -> "ignored";
      case Selection.Satisfiable(ByteRange range) -> range.first() + "-" + range.last();
      case Selection.Unsatisfiable() -> "unsatisfiable";
    };
  }
}
