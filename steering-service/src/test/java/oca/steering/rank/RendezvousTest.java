package oca.steering.rank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final int KEYS = 20_000;

  @Test
  void score_equalServers_shareTheKeysEvenly() {
    Map<String, Integer> shares = shares(Map.of("a", 1.0, "b", 1.0, "c", 1.0, "d", 1.0));
    shares.forEach((_, keys) -> assertEquals(KEYS / 4.0, keys, KEYS * 0.02));
  }

  @Test
  void score_unequalHeadroom_sharesInProportion() {
    Map<String, Integer> shares = shares(Map.of("a", 0.2, "b", 0.8));
    assertEquals(KEYS * 0.2, shares.getOrDefault("a", 0), KEYS * 0.02);
  }

  @Test
  void score_serverGone_movesOnlyItsKeys() {
    Map<String, Double> all = Map.of("a", 1.0, "b", 1.0, "c", 1.0);
    Map<String, Double> without = Map.of("a", 1.0, "b", 1.0);
    for (int key = 0; key < 2000; key++) {
      String before = winner(all, "title-" + key);
      String after = winner(without, "title-" + key);
      if (before.equals("c")) {
        assertNotEquals("c", after);
      } else {
        assertEquals(before, after);
      }
    }
  }

  @Property
  void weight_anyHeadroom_isAWholeStepAndNeverZero(@ForAll @DoubleRange(max = 1) double headroom) {
    int weight = Rendezvous.weight(headroom);
    assertTrue(weight >= 1 && weight <= Rendezvous.STEPS);
    assertTrue(weight >= headroom * Rendezvous.STEPS - 1e-9);
    assertTrue(weight < headroom * Rendezvous.STEPS + 1 + 1e-9);
  }

  @Property
  void score_anyInput_isAPositiveNumber(@ForAll long key, @ForAll long server) {
    double score = Rendezvous.score(key, server, 1);
    assertTrue(score > 0 && Double.isFinite(score), "score " + score);
  }

  private static Map<String, Integer> shares(Map<String, Double> servers) {
    Map<String, Integer> shares = new TreeMap<>();
    for (int key = 0; key < KEYS; key++) {
      shares.merge(winner(servers, "title-" + key), 1, Integer::sum);
    }
    return shares;
  }

  private static String winner(Map<String, Double> servers, String key) {
    String best = "";
    double bestScore = 0;
    for (String server : List.copyOf(servers.keySet())) {
      double score =
          Rendezvous.score(
              Rendezvous.hash(key), Rendezvous.hash(server), servers.getOrDefault(server, 0.0));
      if (score > bestScore) {
        best = server;
        bestScore = score;
      }
    }
    return best;
  }
}
