package oca.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import oca.model.ContentId;
import org.junit.jupiter.api.Test;

class InventoryDigestTest {
  private static final ContentId A = new ContentId(0, 0);
  private static final ContentId B = new ContentId(0, 1);

  @Test
  void of_anyOrder_isTheSame() {
    long seed = System.nanoTime();
    List<ContentId> files = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      files.add(new ContentId(i >> 5, i & 31));
    }
    InventoryDigest digest = InventoryDigest.of(files);
    Collections.shuffle(files, new Random(seed));
    assertEquals(digest, InventoryDigest.of(files), "seed " + seed);
    InventoryDigest grown = InventoryDigest.EMPTY;
    for (ContentId file : files) {
      grown = grown.with(file);
    }
    assertEquals(digest, grown);
    for (ContentId file : files) {
      grown = grown.without(file);
    }
    assertEquals(InventoryDigest.EMPTY, grown);
  }

  @Test
  void of_setsThatDifferLittle_differs() {
    assertNotEquals(InventoryDigest.of(List.of(A)), InventoryDigest.of(List.of(B)));
    assertNotEquals(InventoryDigest.of(List.of(A, A)).low(), 0);
    assertNotEquals(InventoryDigest.of(List.of(A)).low(), 0, "the id of zeros counts as well");
    // Ids that are neighbours, or the two halves exchanged: what real ids never look like.
    Set<List<Long>> sums = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      for (int j = 0; j < 100; j++) {
        InventoryDigest digest =
            InventoryDigest.of(List.of(new ContentId(i, j), new ContentId(j, i)));
        sums.add(List.of(digest.high(), digest.low()));
      }
    }
    assertEquals(100 * 101 / 2, sums.size());
  }

  @Test
  void parse_written_isTheSame() {
    InventoryDigest digest = InventoryDigest.of(List.of(A, B));
    assertEquals(digest, InventoryDigest.parse(digest.toString()));
    assertTrue(digest.toString().startsWith("2:"));
  }
}
