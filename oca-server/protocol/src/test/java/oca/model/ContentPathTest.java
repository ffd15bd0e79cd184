package oca.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;

class ContentPathTest {

  @Test
  void fault_plainPath_isNone() {
    assertNull(ContentPath.fault("titles/harbour/v0.mp4"));
    assertNull(ContentPath.fault("a/..b/.c~_-"));
  }

  @Test
  void fault_spellingsThatCouldNameAnotherFile_areNamed() {
    assertEquals("has a dot segment at index 2", ContentPath.fault("a/../b"));
    assertEquals("has a dot segment at index 0", ContentPath.fault("./b"));
    assertEquals("has an empty segment at index 0", ContentPath.fault("/a"));
    assertEquals("has an empty segment at index 2", ContentPath.fault("a/"));
    assertNotNull(ContentPath.fault("a%2fb"));
    assertNotNull(ContentPath.fault("a\\b"));
    assertNotNull(ContentPath.fault("a?b"));
    assertNotNull(ContentPath.fault("ä"));
    assertEquals("is empty", ContentPath.fault(""));
    assertNotNull(ContentPath.fault("a".repeat(ContentPath.MAX_LENGTH + 1)));
  }

  @Property
  void fault_allowedPath_isItsOwnNormalForm(
      @ForAll @Chars({'a', 'Z', '0', '.', '_', '~', '-', '/', '%', ' '}) String path) {
    if (ContentPath.fault(path) == null) {
      URI uri = URI.create("http://h/" + path);
      assertEquals("/" + path, uri.getRawPath());
      assertEquals(uri, uri.normalize());
    }
  }
}
