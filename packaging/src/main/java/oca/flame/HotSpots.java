package oca.flame;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import oca.flame.Profile.Kind;

/** Where processor time went, without a picture. Pure. */
public final class HotSpots {
  private HotSpots() {}

  /**
   * A frame.
   *
   * @param frame its name
   * @param self samples in which it was itself at work
   * @param total samples in which it or something it called was
   */
  public record Spot(String frame, long self, long total) {}

  /** Those with most samples of their own, waiting ones left out. */
  public static List<Spot> of(Profile profile, int most) {
    Map<Integer, long[]> counts = new HashMap<>();
    for (int[] sample : profile.samples()) {
      if (sample[2] == Kind.WAITING.code()) {
        continue;
      }
      counts.computeIfAbsent(profile.names()[sample[1]], _ -> new long[2])[0]++;
      Set<Integer> once = new HashSet<>();
      for (int node = sample[1]; node > 0; node = profile.parents()[node]) {
        if (once.add(profile.names()[node])) {
          counts.computeIfAbsent(profile.names()[node], _ -> new long[2])[1]++;
        }
      }
    }
    return counts.entrySet().stream()
        .map(it -> new Spot(profile.frames().get(it.getKey()), it.getValue()[0], it.getValue()[1]))
        .filter(it -> it.self() > 0)
        .sorted(Comparator.comparingLong(Spot::self).reversed().thenComparing(Spot::frame))
        .limit(most)
        .toList();
  }
}
