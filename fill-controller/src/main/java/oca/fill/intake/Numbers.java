package oca.fill.intake;

import java.util.LinkedHashMap;
import java.util.Map;

/** The newest number of each sender's boot, to count those passed over. For one thread. */
final class Numbers {
  private final int most;
  private final Map<String, Long> newest = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Nothing heard yet.
   *
   * @param most boots that are remembered; the one not heard of for longest goes first
   */
  Numbers(int most) {
    this.most = most;
  }

  /** How many numbers were passed over by this one; none by the first of a boot. */
  long passed(String kind, String sender, String boot, long number) {
    String name = kind + " " + sender + " " + boot;
    Long before = newest.get(name);
    if (before != null && number <= before) {
      return 0;
    }
    newest.put(name, number);
    if (newest.size() > most) {
      newest.remove(newest.keySet().iterator().next());
    }
    return before == null ? 0 : number - before - 1;
  }
}
