package oca.fill.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.fill.publish.Allotment.Claim;
import oca.fill.publish.Allotment.Limit;
import org.junit.jupiter.api.Test;

class AllotmentTest {
  @Test
  void of_noLimits_isWhatEachCanUse() {
    assertEquals(
        Map.of("a", 10.0, "b", 30.0),
        Allotment.of(List.of(new Claim<>("a", 1, 10), new Claim<>("b", 5, 30)), List.of()));
  }

  @Test
  void of_oneLink_isSharedByWeightAndWhatOneCannotUseGoesToTheOthers() {
    List<Claim<String>> claims =
        List.of(new Claim<>("a", 1, 100), new Claim<>("b", 3, 100), new Claim<>("c", 1, 4));
    Map<String, Double> shares =
        Allotment.of(claims, List.of(new Limit<>(Set.of("a", "b", "c"), 44)));
    assertEquals(10, shares.get("a"), 1e-6);
    assertEquals(30, shares.get("b"), 1e-6);
    assertEquals(4, shares.get("c"), 1e-6);
  }

  @Test
  void of_nestedLinks_theNarrowestBindsAndTheRestIsUsedByOthers() {
    List<Claim<String>> claims =
        List.of(new Claim<>("n1", 1, 100), new Claim<>("n2", 1, 100), new Claim<>("s", 1, 100));
    Map<String, Double> shares =
        Allotment.of(
            claims,
            List.of(new Limit<>(Set.of("n1", "n2"), 20), new Limit<>(Set.of("n1", "n2", "s"), 90)));
    assertEquals(10, shares.get("n1"), 1e-6);
    assertEquals(10, shares.get("n2"), 1e-6);
    assertEquals(70, shares.get("s"), 1e-6);
  }

  /** Nobody can grow: each is at its most, or under a full limit where none is better off. */
  @Property
  void of_any_keepsAllLimitsAndIsFair(@ForAll long seed) {
    Random random = new Random(seed);
    List<Claim<Integer>> claims = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(12); i++) {
      claims.add(new Claim<>(i, 0.01 + random.nextDouble() * 10, 1 + random.nextInt(100)));
    }
    List<Limit<Integer>> limits = new ArrayList<>();
    for (int i = 0; i < random.nextInt(6); i++) {
      Set<Integer> under = new HashSet<>();
      claims.stream().filter(_ -> random.nextBoolean()).forEach(it -> under.add(it.claimant()));
      limits.add(new Limit<>(under, 1 + random.nextInt(200)));
    }
    Map<Integer, Double> shares = Allotment.of(claims, limits);
    for (Limit<Integer> limit : limits) {
      assertTrue(sum(shares, limit) <= limit.rate() * (1 + 1e-6), "over a limit, seed " + seed);
    }
    for (Claim<Integer> claim : claims) {
      double share = shares.get(claim.claimant());
      assertTrue(share > 0 && share <= claim.most() * (1 + 1e-6), "seed " + seed);
      boolean bound =
          share >= claim.most() * (1 - 1e-6)
              || limits.stream()
                  .filter(it -> it.claimants().contains(claim.claimant()))
                  .filter(it -> sum(shares, it) >= it.rate() * (1 - 1e-6))
                  .anyMatch(
                      it ->
                          claims.stream()
                              .filter(other -> it.claimants().contains(other.claimant()))
                              .allMatch(
                                  other ->
                                      shares.get(other.claimant()) / other.weight()
                                          <= share / claim.weight() * (1 + 1e-6)));
      assertTrue(bound, "could have had more, seed " + seed);
    }
  }

  private static double sum(Map<Integer, Double> shares, Limit<Integer> limit) {
    return limit.claimants().stream().mapToDouble(shares::get).sum();
  }
}
