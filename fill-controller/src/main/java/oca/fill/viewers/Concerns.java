package oca.fill.viewers;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Since when what is wrong is wrong. Not safe for several threads. */
public final class Concerns {
  private final Map<String, Instant> since = new HashMap<>();

  /**
   * All that is wrong now, what viewers notice first, then what has lasted longest.
   *
   * @param findings each id once; what was found before and is not among them is over
   */
  public List<Concern> of(List<Concern.Finding> findings, Instant now) {
    Map<String, Instant> still = new HashMap<>();
    List<Concern> concerns = new ArrayList<>();
    for (Concern.Finding one : findings) {
      Instant first = since.getOrDefault(one.id(), now);
      still.put(one.id(), first);
      concerns.add(new Concern(one.id(), one.level(), one.what(), first, one.remedy(), one.view()));
    }
    since.clear();
    since.putAll(still);
    concerns.sort(
        Comparator.comparing(Concern::level)
            .thenComparing(Concern::since)
            .thenComparing(Concern::id));
    return concerns;
  }
}
