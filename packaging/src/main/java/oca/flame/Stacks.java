package oca.flame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stacks as they are read, put together to a tree; bounded, and told when that is reached. */
final class Stacks {
  private final int most;
  private final Map<String, Integer> names = new HashMap<>();
  private final List<String> frames = new ArrayList<>();
  private final Map<Long, Integer> children = new HashMap<>();
  private final List<int[]> nodes = new ArrayList<>();
  private boolean isFull;

  Stacks(int most) {
    this.most = most;
    nodes.add(new int[] {-1, frame("all")});
  }

  int root() {
    return 0;
  }

  boolean isFull() {
    return isFull;
  }

  /** The node of that frame below another; the other itself when there is no room for more. */
  int child(int parent, String frame) {
    int name = frame(frame);
    long key = ((long) parent << 32) | name;
    Integer known = children.get(key);
    if (known != null) {
      return known;
    }
    if (nodes.size() >= most) {
      isFull = true;
      return parent;
    }
    nodes.add(new int[] {parent, name});
    children.put(key, nodes.size() - 1);
    return nodes.size() - 1;
  }

  private int frame(String text) {
    return names.computeIfAbsent(
        text,
        it -> {
          frames.add(it);
          return frames.size() - 1;
        });
  }

  List<String> frames() {
    return frames;
  }

  int[] parents() {
    return nodes.stream().mapToInt(it -> it[0]).toArray();
  }

  int[] names() {
    return nodes.stream().mapToInt(it -> it[1]).toArray();
  }
}
