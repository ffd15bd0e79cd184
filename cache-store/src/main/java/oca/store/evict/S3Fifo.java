package oca.store.evict;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO Queues are All You Need for Cache Eviction", SOSP
 * 2023): a small queue that newcomers must outlast, a main queue that gives a second chance per
 * hit, and a memory of the ids that left the small one.
 *
 * <p>Learned here: most newcomers deserve a tenth of the room only. Not the default because a file
 * that is asked for rarely but for long is taken for one that is asked for once.
 */
final class S3Fifo<T> implements EvictionPolicy<T> {
  private static final int MOST_HITS = 3;
  private static final int SMALL_PART = 10;

  private final long capacity;
  private final ToLongFunction<? super T> ids;
  private final Links<T> small = new Links<>();
  private final Links<T> main = new Links<>();
  private final Ghosts ghosts = new Ghosts(16);
  private long call;

  S3Fifo(long capacity, ToLongFunction<? super T> ids) {
    this.capacity = capacity;
    this.ids = ids;
  }

  @Override
  public Place inserted(T file, long bytes) {
    Links.Node<T> node = new Links.Node<>(file, bytes, MOST_HITS);
    ghosts.widen(main.size());
    (ghosts.remove(ids.applyAsLong(file)) ? main : small).add(node);
    return node;
  }

  @Override
  public void removed(Place place) {
    Links.Node<T> node = Links.node(place);
    Links<T> from = node.queue() == small ? small : main;
    from.remove(node);
    if (from == small) {
      ghosts.add(ids.applyAsLong(node.file));
    }
  }

  @Override
  public void resized(Place place, long bytes) {
    Links.Node<T> node = Links.node(place);
    (node.queue() == small ? small : main).resize(node, bytes);
  }

  @Override
  public List<T> victims(long bytes, Predicate<? super T> mayGo) {
    Victims<T> victims = new Victims<>(bytes);
    call++;
    long smallLeft = small.bytes();
    int looks = (MOST_HITS + 2) * (small.size() + main.size());
    int smallLooks = small.size();
    for (int look = 0; look < looks && !victims.enough(); look++) {
      boolean fromSmall = smallLooks > 0 && (smallLeft > capacity / SMALL_PART || main.size() == 0);
      Links<T> queue = fromSmall ? small : main.size() > 0 ? main : small;
      Links.@Nullable Node<T> node = queue.oldest();
      if (node == null) {
        break;
      }
      queue.remove(node);
      if (queue == small) {
        smallLooks--;
        smallLeft -= node.bytes;
      }
      if (node.chosen == call || !mayGo.test(node.file)) {
        queue.add(node);
      } else if (queue == small && node.hits > 1) {
        node.hits = 0;
        main.add(node);
      } else if (queue == main && node.hits > 0) {
        node.hits--;
        main.add(node);
      } else {
        // Stays at the new end until the caller says that it is gone.
        queue.add(node);
        node.chosen = call;
        victims.add(node.file, node.bytes);
      }
      if (smallLooks == 0 && main.size() == 0) {
        smallLooks = small.size();
      }
    }
    return victims.enough() ? victims.orNone() : rest(bytes, mayGo);
  }

  /** All that may go, in order: for when marks or readers were in the way. */
  private List<T> rest(long bytes, Predicate<? super T> mayGo) {
    Victims<T> victims = new Victims<>(bytes);
    for (Links<T> queue : List.of(small, main)) {
      Links.@Nullable Node<T> node = queue.oldest();
      for (; node != null && !victims.enough(); node = node.newer()) {
        if (mayGo.test(node.file)) {
          victims.add(node.file, node.bytes);
        }
      }
    }
    return victims.orNone();
  }

  @Override
  public boolean admits(long id, long bytes) {
    return bytes <= capacity;
  }
}
