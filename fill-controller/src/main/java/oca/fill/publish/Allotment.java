package oca.fill.publish;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shares rates among claimants so that none can get more without another that has less, by its
 * weight, getting still less: weighted max-min fairness. Pure.
 *
 * <p>All shares grow together, each as its weight, until some bound is full; whoever is under that
 * bound stays where it is, and the others grow on.
 */
final class Allotment {
  private static final double FULL = 1e-9;

  private Allotment() {}

  /**
   * Somebody who wants a share.
   *
   * @param weight above zero
   * @param most that it can use, above zero
   */
  record Claim<C>(C claimant, double weight, double most) {}

  /**
   * What some claimants may have together.
   *
   * @param rate above zero
   */
  record Limit<C>(Set<C> claimants, double rate) {}

  /** Each claimant's share, more than nothing. */
  static <C> Map<C, Double> of(List<Claim<C>> claims, List<Limit<C>> limits) {
    Map<C, Double> shares = new HashMap<>();
    claims.forEach(claim -> shares.put(claim.claimant(), 0.0));
    List<Claim<C>> growing = new ArrayList<>(claims);
    while (!growing.isEmpty()) {
      double step = Double.MAX_VALUE;
      for (Claim<C> claim : growing) {
        step = Math.min(step, (claim.most() - share(shares, claim)) / claim.weight());
      }
      for (Limit<C> limit : limits) {
        double weight = weight(growing, limit);
        if (weight > 0) {
          step = Math.min(step, room(shares, limit) / weight);
        }
      }
      for (Claim<C> claim : growing) {
        shares.merge(claim.claimant(), Math.max(0, step) * claim.weight(), Double::sum);
      }
      int before = growing.size();
      growing.removeIf(claim -> share(shares, claim) >= claim.most() * (1 - FULL));
      for (Limit<C> limit : limits) {
        if (room(shares, limit) <= limit.rate() * FULL) {
          growing.removeIf(claim -> limit.claimants().contains(claim.claimant()));
        }
      }
      if (growing.size() == before) {
        return shares; // Rounding: nobody can grow by anything that counts.
      }
    }
    return shares;
  }

  private static <C> double share(Map<C, Double> shares, Claim<C> claim) {
    return shares.getOrDefault(claim.claimant(), 0.0);
  }

  private static <C> double weight(List<Claim<C>> growing, Limit<C> limit) {
    return growing.stream()
        .filter(claim -> limit.claimants().contains(claim.claimant()))
        .mapToDouble(Claim::weight)
        .sum();
  }

  private static <C> double room(Map<C, Double> shares, Limit<C> limit) {
    double taken = 0;
    for (C claimant : limit.claimants()) {
      taken += shares.getOrDefault(claimant, 0.0);
    }
    return limit.rate() - taken;
  }
}
