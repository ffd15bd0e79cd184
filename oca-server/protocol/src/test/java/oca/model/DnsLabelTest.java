package oca.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class DnsLabelTest {
  private static final Pattern RULE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  @Property
  void require_anyText_isByTheRule(
      @ForAll
          @StringLength(max = 66)
          @Chars({'-', 'A', '_', '.', 'é'})
          @CharRange(from = 'a', to = 'z')
          @CharRange(from = '0', to = '9')
          String text) {
    assertEquals(RULE.matcher(text).matches(), isTaken(text));
  }

  @Test
  void require_edges_areByTheRule() {
    for (String good : new String[] {"a", "0", "a-b", "a--b", "a".repeat(63)}) {
      assertEquals(good, new SiteId(good).value());
    }
    for (String bad : new String[] {"", "-", "-a", "a-", "A", "a.b", "a".repeat(64)}) {
      assertThrows(IllegalArgumentException.class, () -> new SiteId(bad), bad);
    }
  }

  private static boolean isTaken(String text) {
    try {
      DnsLabel.require("name", text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
