package oca.fill.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RendezvousHashTest {
  @Test
  void order_manyGroups_winsAreProportionalToWeight() {
    Map<String, Double> weights = Map.of("a", 1.0, "b", 2.0, "c", 5.0);
    Map<String, Integer> wins = new HashMap<>();
    int groups = 40_000;
    for (int i = 0; i < groups; i++) {
      String winner =
          RendezvousHash.order("title-" + i, List.of("a", "b", "c"), n -> n, weights::get)
              .getFirst();
      wins.merge(winner, 1, Integer::sum);
    }
    weights.forEach(
        (node, weight) -> assertEquals(weight / 8, wins.get(node) / (double) groups, 0.01, node));
  }

  @Property
  void order_oneNodeMore_leavesTheOrderOfTheOthers(@ForAll String group) {
    List<String> nodes = List.of("n-1", "n-2", "n-3", "n-4");
    List<String> before = RendezvousHash.order(group, nodes, n -> n, _ -> 3);
    List<String> more = new ArrayList<>(nodes);
    more.add(2, "n-5");
    List<String> after = new ArrayList<>(RendezvousHash.order(group, more, n -> n, _ -> 3));
    after.remove("n-5");
    assertEquals(before, after);
  }
}
