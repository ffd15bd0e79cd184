package oca.store.evict;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * SIEVE (Zhang, Yang, Yue, Vigfusson, Rashmi: "SIEVE is Simpler than LRU", NSDI 2024).
 *
 * <p>Files stand in the order they came. A hand walks from the oldest to the newest: a file that
 * was hit since the hand last passed is spared and its mark wiped, any other goes. Learned here: a
 * hit need not move anything. Not the default because it forgets all of a file but one bit.
 */
final class Sieve<T> implements EvictionPolicy<T> {
  private final long capacity;
  private final Links<T> queue = new Links<>();
  private Links.@Nullable Node<T> hand;
  private long call;

  Sieve(long capacity) {
    this.capacity = capacity;
  }

  @Override
  public Place inserted(T file, long bytes) {
    Links.Node<T> node = new Links.Node<>(file, bytes, 1);
    queue.add(node);
    return node;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // A place is itself alone.
  public void removed(Place place) {
    Links.Node<T> node = Links.node(place);
    if (hand == node) {
      hand = node.newer();
    }
    queue.remove(node);
  }

  @Override
  public void resized(Place place, long bytes) {
    queue.resize(Links.node(place), bytes);
  }

  @Override
  public List<T> victims(long bytes, Predicate<? super T> mayGo) {
    Victims<T> victims = new Victims<>(bytes);
    call++;
    // Twice round and no further: the second time no mark is left but those of hits that came
    // meanwhile, which are then ignored.
    long steps = 2L * queue.size();
    for (long step = 0; step < steps && !victims.enough(); step++) {
      Links.@Nullable Node<T> node = hand == null ? queue.oldest() : hand;
      if (node == null) {
        break;
      }
      hand = node.newer();
      if (node.hits > 0 && step < steps / 2) {
        node.hits = 0;
      } else if (node.chosen != call && mayGo.test(node.file)) {
        node.chosen = call;
        victims.add(node.file, node.bytes);
      }
    }
    return victims.orNone();
  }

  @Override
  public boolean admits(long id, long bytes) {
    return bytes <= capacity;
  }
}
