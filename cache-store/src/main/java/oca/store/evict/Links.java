package oca.store.evict;

import org.jspecify.annotations.Nullable;

/**
 * A queue of places that are its own links: joining at the new end and leaving anywhere cost a few
 * writes and no garbage.
 */
final class Links<T> {
  private @Nullable Node<T> oldest;
  private @Nullable Node<T> newest;
  private long bytes;
  private int size;

  /** A held file. */
  static class Node<T> implements EvictionPolicy.Place {
    final T file;
    long bytes;
    // How often it was hit since it was looked at, up to what the policy cares for. Written by any
    // thread without a barrier: a lost hit is a lost hit.
    int hits;
    // The call of victims() that chose it.
    long chosen;
    private final int most;
    private @Nullable Links<T> queue;
    private @Nullable Node<T> older;
    private @Nullable Node<T> newer;

    Node(T file, long bytes, int most) {
      this.file = file;
      this.bytes = bytes;
      this.most = most;
    }

    // Tested first so that a popular file's cache line stays shared between cores.
    @Override
    public void hit() {
      if (hits < most) {
        hits++;
      }
    }

    @Nullable Node<T> newer() {
      return newer;
    }

    @Nullable Links<T> queue() {
      return queue;
    }
  }

  long bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  @Nullable Node<T> oldest() {
    return oldest;
  }

  /** Joins at the new end. */
  void add(Node<T> node) {
    if (node.queue != null) {
      throw new IllegalStateException("a place stands in one queue at a time");
    }
    node.queue = this;
    node.older = newest;
    if (newest == null) {
      oldest = node;
    } else {
      newest.newer = node;
    }
    newest = node;
    bytes += node.bytes;
    size++;
  }

  /** Leaves, wherever it stands. */
  void remove(Node<T> node) {
    requireHere(node);
    if (node.older == null) {
      oldest = node.newer;
    } else {
      node.older.newer = node.newer;
    }
    if (node.newer == null) {
      newest = node.older;
    } else {
      node.newer.older = node.older;
    }
    node.queue = null;
    node.older = null;
    node.newer = null;
    bytes -= node.bytes;
    size--;
  }

  /** Takes more or less room, where it stands. */
  void resize(Node<T> node, long to) {
    requireHere(node);
    bytes += to - node.bytes;
    node.bytes = to;
  }

  private void requireHere(Node<T> node) {
    if (node.queue != this) {
      throw new IllegalArgumentException("this place is not, or no longer, of this policy");
    }
  }

  /** The place as a node of the policy that made it. */
  @SuppressWarnings("unchecked") // Checked by the caller: remove() compares the queue.
  static <T> Node<T> node(EvictionPolicy.Place place) {
    if (place instanceof Node<?> node) {
      return (Node<T>) node;
    }
    throw new IllegalArgumentException("this place is not, or no longer, of this policy");
  }
}
