package oca.store.evict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** LRU and FIFO name the victims that a list, kept the plain way, would name. */
class ModelPropertyTest {
  private static final int FILES = 8;
  private static final int CAPACITY = 100;

  @Property(tries = 500)
  void lru_anyUse_namesWhatAListWould(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 31) Integer> steps) {
    agree(EvictionPolicies.LRU, new LinkedHashMap<>(16, 0.75f, true), steps);
  }

  @Property(tries = 500)
  void fifo_anyUse_namesWhatAListWould(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 31) Integer> steps) {
    agree(EvictionPolicies.FIFO, new LinkedHashMap<>(16, 0.75f, false), steps);
  }

  /** One step in four takes what a policy names, of so many bytes; the others ask for a file. */
  private static void agree(
      EvictionPolicies which, Map<Integer, Integer> model, List<Integer> steps) {
    EvictionPolicy<Integer> policy = which.create(CAPACITY, 1, Integer::longValue);
    Map<Integer, EvictionPolicy.Place> places = new HashMap<>();
    for (int step : steps) {
      int file = step % FILES;
      int bytes = 1 + file * 3;
      if (step / FILES == 0) {
        List<Integer> named = policy.victims(bytes, any -> true);
        assertEquals(victims(model, bytes), named, () -> "steps " + steps);
        named.forEach(victim -> policy.removed(places.remove(victim)));
        model.keySet().removeAll(named);
      } else if (places.containsKey(file)) {
        places.get(file).hit();
        model.get(file);
      } else {
        policy.missed(file, bytes);
        places.put(file, policy.inserted(file, bytes));
        model.put(file, bytes);
      }
    }
  }

  private static List<Integer> victims(Map<Integer, Integer> model, int wanted) {
    List<Integer> victims = new ArrayList<>();
    int found = 0;
    for (Map.Entry<Integer, Integer> file : model.entrySet()) {
      if (found < wanted) {
        victims.add(file.getKey());
        found += file.getValue();
      }
    }
    return found >= wanted ? victims : List.of();
  }
}
