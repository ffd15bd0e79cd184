package oca.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ContentIdTest {

  @Test
  void ofPath_knownPath_isTheFirstHalfOfItsSha256() {
    // printf abc | sha256sum
    assertEquals("ba7816bf8f01cfea414140de5dae2223", ContentId.ofPath("abc").toString());
  }

  @Property
  void parse_writtenForm_givesTheSameId(@ForAll long high, @ForAll long low) {
    ContentId id = new ContentId(high, low);
    assertEquals(id, ContentId.parse(id.toString()));
  }

  @Property
  void compareTo_anyTwo_ordersAsTheWrittenForm(
      @ForAll long high, @ForAll long low, @ForAll long otherHigh, @ForAll long otherLow) {
    ContentId a = new ContentId(high, low);
    ContentId b = new ContentId(otherHigh, otherLow);
    assertEquals(
        Integer.signum(a.toString().compareTo(b.toString())), Integer.signum(a.compareTo(b)));
  }

  @Test
  void parse_upperCaseOrShort_isRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> ContentId.parse("BA7816BF8F01CFEA414140DE5DAE2223"));
    assertThrows(IllegalArgumentException.class, () -> ContentId.parse("ba78"));
  }
}
