package oca.fill.causes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which batches were taken: by sender and boot, the sequence up to which all were, and those beyond
 * it. What has fallen so far behind that it can no longer be told counts as taken. For one thread.
 */
public final class Sequences {
  /** Sequences beyond a gap that are remembered of a boot. */
  private static final int BEYOND = 1024;

  private final int most;
  private final Map<String, Boot> boots = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Boot {
    private long upTo;
    private final SortedSet<Long> beyond = new TreeSet<>();

    boolean take(long sequence) {
      if (sequence <= upTo || !beyond.add(sequence)) {
        return false;
      }
      if (beyond.size() > BEYOND) {
        upTo = beyond.removeFirst();
      }
      while (!beyond.isEmpty() && beyond.first() == upTo + 1) {
        upTo = beyond.removeFirst();
      }
      return true;
    }
  }

  /**
   * None yet.
   *
   * @param most boots that are remembered; the one not heard of for longest goes first
   */
  public Sequences(int most) {
    this.most = most;
  }

  /** Whether it is the first of that number; then it counts as taken. */
  public boolean take(String sender, String boot, long sequence) {
    boolean isNew = boots.computeIfAbsent(sender + " " + boot, _ -> new Boot()).take(sequence);
    if (boots.size() > most) {
      boots.remove(boots.keySet().iterator().next());
    }
    return isNew;
  }

  /** All that is remembered, the boot not heard of for longest first. */
  public List<JoinState.Boot> state() {
    List<JoinState.Boot> state = new ArrayList<>();
    boots.forEach(
        (name, boot) -> state.add(new JoinState.Boot(name, boot.upTo, List.copyOf(boot.beyond))));
    return state;
  }

  /** Goes on from a state. */
  public void restore(List<JoinState.Boot> state) {
    for (JoinState.Boot saved : state) {
      Boot boot = new Boot();
      boot.upTo = saved.upTo();
      boot.beyond.addAll(saved.beyond());
      boots.put(saved.name(), boot);
    }
  }
}
