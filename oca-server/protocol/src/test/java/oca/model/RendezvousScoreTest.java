package oca.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RendezvousScoreTest {

  @Property
  void of_anyNames_isAboveZeroFiniteAndProportionalToTheWeight(
      @ForAll String key, @ForAll String node) {
    long k = RendezvousScore.hash(key);
    long n = RendezvousScore.hash(node);
    double score = RendezvousScore.of(k, n, 1);
    assertTrue(score > 0 && Double.isFinite(score), () -> "score " + score);
    assertEquals(0, RendezvousScore.of(k, n, 0));
    assertEquals(score * 2, RendezvousScore.of(k, n, 2), score * 1e-12);
  }

  @Test
  void of_manyKeys_areSharedOutByWeight() {
    long light = RendezvousScore.hash("light");
    long heavy = RendezvousScore.hash("heavy");
    int won = 0;
    int keys = 40_000;
    for (int i = 0; i < keys; i++) {
      long key = RendezvousScore.hash("title-" + i);
      won += RendezvousScore.of(key, heavy, 3) > RendezvousScore.of(key, light, 1) ? 1 : 0;
    }
    assertEquals(0.75, won / (double) keys, 0.01);
  }
}
