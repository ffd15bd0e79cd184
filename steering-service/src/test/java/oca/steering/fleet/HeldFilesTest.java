package oca.steering.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import oca.model.ContentId;
import org.junit.jupiter.api.Test;

class HeldFilesTest {

  @Property
  void holds_anyFiles_isThatOfASet(
      @ForAll List<@IntRange(max = 40) Integer> held, @ForAll @IntRange(max = 3) int shift) {
    // High halves that collide, low halves that are zero: what real ids never look like.
    List<ContentId> ids = held.stream().map(n -> new ContentId(n >> shift, n & 1)).toList();
    HeldFiles files = new HeldFiles(ids);
    Set<ContentId> oracle = new HashSet<>(ids);
    assertEquals(oracle.size(), files.size());
    for (int high = 0; high <= 41; high++) {
      for (int low = 0; low < 2; low++) {
        ContentId id = new ContentId(high, low);
        assertEquals(oracle.contains(id), files.holds(id), id.toString());
      }
    }
  }

  @Test
  void holdsAll_oneMissing_isFalse() {
    ContentId a = ContentId.ofPath("a");
    ContentId b = ContentId.ofPath("b");
    HeldFiles files = new HeldFiles(List.of(a));
    assertTrue(files.holdsAll(List.of(a)));
    assertFalse(files.holdsAll(List.of(a, b)));
    assertFalse(HeldFiles.NONE.holds(a));
  }
}
