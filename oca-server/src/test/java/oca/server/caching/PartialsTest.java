package oca.server.caching;

import static oca.server.caching.Given.date;
import static oca.server.caching.Given.fields;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import oca.model.ByteRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, sections 3.3 and 3.4; RFC 9110, section 14.4. */
class PartialsTest {

  private static ContentRange range(String value) {
    return ContentRange.of(FieldSection.of("Content-Range", value));
  }

  @Test
  void contentRange_proper_isRead() {
    assertEquals(new ContentRange(new ByteRange(0, 9), 100), range("bytes 0-9/100"));
    assertEquals(new ContentRange(new ByteRange(0, 9), 10), range("Bytes 0-9/10"));
    assertEquals(new ContentRange(new ByteRange(5, 5), ContentRange.UNKNOWN), range("bytes 5-5/*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes ",
        "bytes */100",
        "bytes 0-9",
        "bytes 0-9/",
        "bytes 9-0/100",
        "bytes 0-100/100",
        "bytes -9/100",
        "bytes 0-/100",
        "bytes=0-9/100",
        "items 0-9/100",
        "bytes 0-9/100, bytes 0-9/100",
        "bytes 0 - 9/100",
        "bytes  0-9/100",
        "bytes 0-9/-1",
        "bytes 0-9/1e3",
        "bytes 0-99999999999999999999/*",
        "bytes +0-9/100",
        "bytes 0/9-100"
      })
  void contentRange_thatIsNone_isNull(String value) {
    assertNull(range(value));
  }

  @Property
  void contentRange_anyText_isReadWithoutFault(
      @ForAll @CharRange(from = ' ', to = '~') String text) {
    range(text);
    range("bytes " + text);
  }

  @ParameterizedTest
  @CsvSource({
    "'Content-Length: 100', 100",
    "'Content-Length: 0', 0",
    "'Content-Length: 100, 100', 100",
    "'Content-Length: 100|Content-Length: 100', 100",
    "'Content-Length: 100, 99', -1",
    "'Content-Length: -1', -1",
    "'Content-Length: x', -1",
    "'Content-Length: 99999999999999999999', -1",
    "'', -1",
    "'Content-Length: 10|Content-Range: bytes 0-9/100', 100",
    "'Content-Length: 10|Content-Range: bytes 0-9/*', -1",
    "'Content-Length: 10|Content-Range: x', -1",
  })
  void length_ofTheWhole_isReadOrUnknown(String text, long length) {
    assertEquals(length, Partials.length(fields(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "'ETag: \"a\"', 'ETag: \"a\"', true",
    "'ETag: \"a\"', 'ETag: \"b\"', false",
    "'ETag: W/\"a\"', 'ETag: W/\"a\"', false",
    "'ETag: \"a\"', 'ETag: W/\"a\"', false",
    "'ETag: \"a\"', '', false",
    "'', '', false",
    "'LM', 'LM', true",
    "'LM', 'ETag: \"a\"|LM', false",
    "'ETag: \"a\"|LM', 'ETag: \"a\"', true",
    "'ETag: \"a\"|LM', 'ETag: \"b\"|LM', false",
    "'ETag: \"a\"|Content-Length: 100', 'ETag: \"a\"|Content-Range: bytes 0-9/100', true",
    "'ETag: \"a\"|Content-Length: 100', 'ETag: \"a\"|Content-Range: bytes 0-9/99', false",
    "'ETag: \"a\"|Content-Length: 100', 'ETag: \"a\"|Content-Range: bytes 0-9/*', true",
  })
  void combine_onlyUnderTheSameStrongValidator_isAllowed(String one, String other, boolean may) {
    String dates = "|Date: " + date(0);
    String modified = "Last-Modified: " + date(-100);
    FieldSection first = fields(one.replace("LM", modified) + dates);
    FieldSection second = fields(other.replace("LM", modified) + dates);
    assertEquals(may, Partials.mayCombine(first, second));
    assertEquals(may, Partials.mayCombine(second, first));
  }

  @Test
  void resumable_strongAndOfKnownLength_isAskedForByIfRange() {
    assertTrue(Partials.isResumable(fields("ETag: \"a\"|Content-Length: 5")));
    assertFalse(Partials.isResumable(fields("ETag: \"a\"")));
    assertFalse(Partials.isResumable(fields("ETag: W/\"a\"|Content-Length: 5")));
    assertEquals("\"a\"", Partials.ifRange(fields("ETag: \"a\"")));
    assertNull(Partials.ifRange(fields("ETag: W/\"a\"")));
    String modified = date(-100);
    assertEquals(
        modified, Partials.ifRange(fields("Date: " + date(0) + "|Last-Modified: " + modified)));
  }

  @Test
  void ofWhole_part_hasTheWholesLength() {
    assertEquals(
        fields("ETag: \"a\"|Content-Length: 100"),
        Partials.ofWhole(fields("Content-Range: bytes 0-9/100|Content-Length: 10|ETag: \"a\"")));
    assertEquals(
        fields("ETag: \"a\""),
        Partials.ofWhole(fields("Content-Range: bytes 0-9/*|Content-Length: 10|ETag: \"a\"")));
  }
}
