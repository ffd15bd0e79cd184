package oca.server.caching;

import static oca.server.caching.Given.fields;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9213. */
class TargetedTest {
  private static final List<String> TARGETS = List.of("OCA-Cache-Control", "CDN-Cache-Control");

  private static ResponseControl control(String text) {
    return ResponseControl.of(fields(text), TARGETS);
  }

  @Test
  void target_first_winsOverTheOthers() {
    String all = "Cache-Control: max-age=1|CDN-Cache-Control: max-age=2";
    assertEquals(3, control(all + "|OCA-Cache-Control: max-age=3").maxAge());
    assertEquals(2, control(all).maxAge());
    assertEquals(1, control("Cache-Control: max-age=1|Other-Cache-Control: max-age=4").maxAge());
    assertEquals("cdn-cache-control", control(all).target());
    assertNull(control("Cache-Control: max-age=1").target());
  }

  @Test
  void target_present_silencesTheRest() {
    ResponseControl said =
        control("Cache-Control: no-store, private, s-maxage=9|cdn-cache-control: max-age=60");
    assertFalse(said.noStore() || said.isPrivate());
    assertEquals(-1, said.sMaxAge());
    assertEquals(60, said.maxAge());
    assertTrue(control("Cache-Control: max-age=60|CDN-Cache-Control: no-store").noStore());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "max-age=60,",
        ",max-age=60",
        "max-age=60,,public",
        "max-age=60, &&&&&",
        "MaX-aGe=60",
        "max-age=60, No-Store",
        "max-age=",
        "max-age =60",
        "max-age= 60",
        "max-age=60; ",
        "max-age=60 public",
        "max-age=\"60",
        "max-age='60'",
        "max-age=1234567890123456",
        "max-age=60.",
        "max-age=60.1234",
        "max-age=-",
        "no-cache=\"\u00e4\"",
        "no-cache=\"\\a\"",
        "a=(1 2",
        "a=(1,2)",
        "a=?2",
        "a=:%:",
        "a=:YQ==",
        "a=@1659578233",
        "1=2",
      })
  void field_emptyOrInvalid_isPassedOver(String value) {
    String text = "Cache-Control: max-age=1|CDN-Cache-Control:" + value;
    assertEquals(1, control(text).maxAge());
    assertFalse(control(text).isTargeted());
    assertEquals(
        7, control("OCA-Cache-Control:" + value + "|CDN-Cache-Control: max-age=7").maxAge());
  }

  @ParameterizedTest
  @CsvSource({
    "max-age=60, 60",
    "'  max-age=60  ', 60",
    "'max-age=60\t,\tpublic', 60",
    "'max-age=60;a;b=1;c=\"x\"', 60",
    "'foo=bar, max-age=60, x=(a b;q=1 \"c\");d, y=:YQ==:, z=1.5, w=?0', 60",
    "max-age=007, 7",
    "max-age=0, 0",
    "max-age=999999999999999, 2147483648",
    "'max-age=10, max-age=60', 60",
    "no-transform, -1",
  })
  void maxAge_proper_isRead(String value, long seconds) {
    assertEquals(seconds, control("CDN-Cache-Control: " + value).maxAge());
    assertTrue(control("CDN-Cache-Control: " + value).isTargeted());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max-age",
        "max-age=?0",
        "max-age=-1",
        "max-age=60.5",
        "max-age=\"60\"",
        "max-age=x"
      })
  void maxAge_ofAnotherType_isStale(String value) {
    assertEquals(0, control("Cache-Control: max-age=9|CDN-Cache-Control: " + value).maxAge());
  }

  @Test
  void otherDirectives_byType_areRead() {
    assertTrue(control("CDN-Cache-Control: no-cache").noCache());
    assertTrue(control("CDN-Cache-Control: no-store=?1").noStore());
    assertFalse(control("CDN-Cache-Control: no-store=?0, max-age=1").noStore());
    assertEquals(
        Set.of("x-a", "x-b"), control("CDN-Cache-Control: private=\"x-a, X-B\"").privateFields());
    assertFalse(control("CDN-Cache-Control: public=1").isPublic());
    assertTrue(control("CDN-Cache-Control: private=1").isPrivate());
    assertEquals(5, control("CDN-Cache-Control: stale-if-error=5").staleIfError());
    assertEquals(-1, control("CDN-Cache-Control: stale-if-error=\"5\"").staleIfError());
  }

  @Test
  void lines_several_areOneDictionary() {
    ResponseControl said = control("CDN-Cache-Control: max-age=60|CDN-Cache-Control: public");
    assertEquals(60, said.maxAge());
    assertTrue(said.isPublic());
  }

  @Property
  void dictionary_anyText_isReadWithoutFault(
      @ForAll @CharRange(from = '\0', to = '\u00ff') String text) {
    TargetedField.directives(text);
    TargetedField.directives("a=" + text);
    TargetedField.directives("a=\"" + text);
    TargetedField.directives("a=(" + text);
    assertNull(TargetedField.directives(text + ",,a"));
  }

  @Property
  void dictionary_string_roundTrips(@ForAll @CharRange(from = ' ', to = '~') String text) {
    String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"");
    Directives read = TargetedField.directives("a=1, ext=\"" + quoted + '"');
    assertNotNull(read);
    assertEquals(text, read.all().get(1).argument());
  }
}
