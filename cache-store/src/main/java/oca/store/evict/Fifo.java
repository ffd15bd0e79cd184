package oca.store.evict;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** First in, first out: hits count for nothing. The cheapest there is, to be compared with. */
final class Fifo<T> implements EvictionPolicy<T> {
  private final long capacity;
  private final Links<T> queue = new Links<>();

  Fifo(long capacity) {
    this.capacity = capacity;
  }

  @Override
  public Place inserted(T file, long bytes) {
    Links.Node<T> node = new Links.Node<>(file, bytes, 0);
    queue.add(node);
    return node;
  }

  @Override
  public void removed(Place place) {
    queue.remove(Links.node(place));
  }

  @Override
  public void resized(Place place, long bytes) {
    queue.resize(Links.node(place), bytes);
  }

  @Override
  public List<T> victims(long bytes, Predicate<? super T> mayGo) {
    Victims<T> victims = new Victims<>(bytes);
    Links.@Nullable Node<T> node = queue.oldest();
    for (; node != null && !victims.enough(); node = node.newer()) {
      if (mayGo.test(node.file)) {
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
