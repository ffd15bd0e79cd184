package oca.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * SIEVE (Zhang, Yang, Yue, Vigfusson, Rashmi: "SIEVE is Simpler than LRU", NSDI 2024).
 *
 * <p>Files stand in the order they came. A hand walks from the oldest to the newest: a file that
 * was hit since the hand last passed is spared and its mark wiped, any other goes. Files that
 * nobody asks for a second time, about half of them at a video edge, thus leave soon, and a hit
 * costs one plain write and moves nothing, which is why it was preferred to LRU.
 */
final class SieveEviction implements EvictionPolicy {
  private final Map<ContentKey, Node> nodes = new HashMap<>();
  private final Node ring = new Node(new ContentKey(0, 0), 0);
  private Node hand = ring;

  /** Stands in a ring; next is newer, and the ring's head is between the newest and the oldest. */
  private static final class Node implements Touch {
    private final ContentKey key;
    private final long bytes;
    private Node previous = this;
    private Node next = this;
    // Volatile so that the hand sees it; tested first so that a popular file's cache line stays
    // shared.
    private volatile boolean hit;

    Node(ContentKey key, long bytes) {
      this.key = key;
      this.bytes = bytes;
    }

    @Override
    public void hit() {
      if (!hit) {
        hit = true;
      }
    }
  }

  @Override
  public Touch inserted(ContentKey key, long bytes) {
    removed(key);
    Node node = new Node(key, bytes);
    node.previous = ring.previous;
    node.next = ring;
    node.previous.next = node;
    ring.previous = node;
    nodes.put(key, node);
    return node;
  }

  @Override
  public void removed(ContentKey key) {
    @Nullable Node node = nodes.remove(key);
    if (node == null) {
      return;
    }
    if (hand == node) {
      hand = node.next;
    }
    node.previous.next = node.next;
    node.next.previous = node.previous;
  }

  @Override
  public List<ContentKey> victims(long bytes, Predicate<ContentKey> mayGo) {
    Set<ContentKey> chosen = new LinkedHashSet<>();
    long found = 0;
    // Twice round: the second time no mark is left but those of hits that came meanwhile, which
    // are then ignored so that the walk ends.
    for (int round = 0; round < 2 && found < bytes; round++) {
      for (int step = 0; step <= nodes.size() && found < bytes; step++) {
        Node node = hand;
        hand = hand.next;
        if (node == ring || chosen.contains(node.key) || !mayGo.test(node.key)) {
          continue;
        }
        if (node.hit && round == 0) {
          node.hit = false;
          continue;
        }
        chosen.add(node.key);
        found += node.bytes;
      }
    }
    return found >= bytes ? new ArrayList<>(chosen) : List.of();
  }
}
