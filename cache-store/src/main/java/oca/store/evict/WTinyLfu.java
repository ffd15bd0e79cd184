package oca.store.evict;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * W-TinyLFU (Einziger, Friedman and Manes, TOS 2017): newcomers pass an LRU window of a hundredth
 * of the room, then must have been asked for more often than what they displace from a segmented
 * LRU, by the counts of a {@link FrequencySketch}.
 *
 * <p>Learned here: a file's history must outlive the file. Not the default because four bits and
 * fast ageing cannot tell the warm from the cold in a catalogue's long middle.
 */
final class WTinyLfu<T> implements EvictionPolicy<T> {
  private static final int WINDOW_PART = 100;
  private static final int PROBATION_PART = 5;
  private static final int LOG = 1 << 10;

  private final long capacity;
  private final ToLongFunction<? super T> ids;
  private final FrequencySketch sketch = new FrequencySketch();
  private final Links<T> window = new Links<>();
  private final Links<T> probation = new Links<>();
  private final Links<T> guarded = new Links<>();
  // Hits wait here for the lock; when more than LOG come in between, the oldest are overwritten.
  private final AtomicReferenceArray<Links.@Nullable Node<T>> log = new AtomicReferenceArray<>(LOG);
  private final AtomicInteger logged = new AtomicInteger();
  private int taken;
  private long call;

  private static final class Logged<T> extends Links.Node<T> {
    private final WTinyLfu<T> policy;

    Logged(WTinyLfu<T> policy, T file, long bytes) {
      super(file, bytes, 0);
      this.policy = policy;
    }

    @Override
    public void hit() {
      policy.log.lazySet(policy.logged.getAndIncrement() & LOG - 1, this);
    }
  }

  WTinyLfu(long capacity, ToLongFunction<? super T> ids) {
    this.capacity = capacity;
    this.ids = ids;
  }

  @Override
  public Place inserted(T file, long bytes) {
    Logged<T> node = new Logged<>(this, file, bytes);
    catchUp();
    sketch.widen(window.size() + probation.size() + guarded.size() + 1);
    window.add(node);
    long mainRoom = capacity - capacity / WINDOW_PART - probation.bytes() - guarded.bytes();
    Links.@Nullable Node<T> oldest = window.oldest();
    while (oldest != null && window.bytes() > capacity / WINDOW_PART && oldest.bytes <= mainRoom) {
      // Nobody to contest the place with.
      mainRoom -= oldest.bytes;
      window.remove(oldest);
      probation.add(oldest);
      oldest = window.oldest();
    }
    return node;
  }

  @Override
  public void removed(Place place) {
    Links.Node<T> node = Links.node(place);
    Links<T> queue = node.queue();
    (queue == window || queue == probation ? queue : guarded).remove(node);
  }

  @Override
  public void resized(Place place, long bytes) {
    Links.Node<T> node = Links.node(place);
    Links<T> queue = node.queue();
    (queue == window || queue == probation ? queue : guarded).resize(node, bytes);
  }

  @Override
  public void missed(long id, long bytes) {
    sketch.add(id);
  }

  @Override
  public boolean admits(long id, long bytes) {
    return bytes <= capacity;
  }

  @Override
  public List<T> victims(long bytes, Predicate<? super T> mayGo) {
    catchUp();
    call++;
    Victims<T> victims = new Victims<>(bytes);
    while (window.bytes() > capacity / WINDOW_PART && !victims.enough()) {
      Links.@Nullable Node<T> candidate = next(window, mayGo);
      Links.@Nullable Node<T> resident = next(main(), mayGo);
      if (candidate == null) {
        break;
      }
      if (resident == null || frequency(candidate) <= frequency(resident)) {
        choose(candidate, victims);
      } else {
        window.remove(candidate);
        probation.add(candidate);
        choose(resident, victims);
      }
    }
    for (Links<T> queue : List.of(probation, guarded, window)) {
      Links.@Nullable Node<T> node = next(queue, mayGo);
      for (; node != null && !victims.enough(); node = next(queue, mayGo)) {
        choose(node, victims);
      }
    }
    return victims.orNone();
  }

  private Links<T> main() {
    return probation.size() > 0 ? probation : guarded;
  }

  private void choose(Links.Node<T> node, Victims<T> victims) {
    node.chosen = call;
    victims.add(node.file, node.bytes);
  }

  /** The oldest that may go; those before it are put to the new end, so that they cost once. */
  private Links.@Nullable Node<T> next(Links<T> queue, Predicate<? super T> mayGo) {
    for (int look = queue.size(); look > 0; look--) {
      Links.@Nullable Node<T> node = queue.oldest();
      if (node == null || (node.chosen != call && mayGo.test(node.file))) {
        return node;
      }
      queue.remove(node);
      queue.add(node);
    }
    return null;
  }

  private int frequency(Links.Node<T> node) {
    return sketch.estimate(ids.applyAsLong(node.file));
  }

  /** Applies the hits that were told since. */
  private void catchUp() {
    int end = logged.get();
    taken = end - taken > LOG ? end - LOG : taken;
    for (; taken != end; taken++) {
      Links.@Nullable Node<T> node = log.getAndSet(taken & LOG - 1, null);
      @Nullable Links<T> queue = node == null ? null : node.queue();
      if (node == null || queue == null) {
        continue;
      }
      sketch.add(ids.applyAsLong(node.file));
      queue.remove(node);
      (queue == window ? window : guarded).add(node);
    }
    while (guarded.bytes() > (capacity - capacity / WINDOW_PART) / PROBATION_PART * 4) {
      Links.@Nullable Node<T> demoted = guarded.oldest();
      if (demoted == null) {
        break;
      }
      guarded.remove(demoted);
      probation.add(demoted);
    }
    sketch.age();
  }
}
