package oca.server.live;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Entries by what their paths begin with. A look-up allocates nothing: a binary search for the path
 * among the sorted beginnings, and from there to ever shorter ones. Immutable.
 */
final class PrefixIndex<T> {
  private final String[] prefixes;
  private final int[] shorter;
  private final List<List<T>> entries;

  PrefixIndex(List<T> all, Function<T, String> prefix) {
    Map<String, List<T>> sorted = new TreeMap<>();
    for (T entry : all) {
      sorted.computeIfAbsent(prefix.apply(entry), it -> new ArrayList<>()).add(entry);
    }
    prefixes = sorted.keySet().toArray(String[]::new);
    entries = List.copyOf(sorted.values());
    shorter = new int[prefixes.length];
    for (int i = 0; i < prefixes.length; i++) {
      shorter[i] = beginning(prefixes[i], i - 1);
    }
  }

  /** The place of the longest beginning of the path, or -1. */
  int longest(String path) {
    int found = Arrays.binarySearch(prefixes, path);
    // All that sorts between a beginning of the path and the path begins with it as well.
    return beginning(path, found >= 0 ? found : -found - 2);
  }

  /** The place of the next shorter beginning, or -1. */
  int shorter(int place) {
    return shorter[place];
  }

  /** What is entered at a place. */
  List<T> at(int place) {
    return entries.get(place);
  }

  private int beginning(String path, int from) {
    int place = from;
    while (place >= 0 && !path.startsWith(prefixes[place])) {
      place = shorter[place];
    }
    return place;
  }
}
