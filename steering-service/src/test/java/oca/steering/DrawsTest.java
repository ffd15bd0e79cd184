package oca.steering;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawsTest {
  @Test
  void getAsLong_anySeed_isTheSequenceOfTheJdk() {
    for (long seed : new long[] {0, 1, -7, 0x9e3779b97f4a7c15L}) {
      SplittableRandom jdk = new SplittableRandom(seed);
      Draws draws = new Draws(seed);
      for (int i = 0; i < 1000; i++) {
        assertEquals(jdk.nextLong(), draws.getAsLong(), "seed " + seed);
      }
    }
  }

  @Test
  void getAsLong_manyThreads_neverTheSameTwice() {
    Draws draws = new Draws(42);
    Set<Long> drawn = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 100_000).parallel().forEach(_ -> drawn.add(draws.getAsLong()));
    assertEquals(100_000, drawn.size());
  }
}
