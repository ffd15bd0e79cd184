package oca.store.evict;

import java.util.List;
import java.util.function.Predicate;

/**
 * Least recently used; exact when told on one thread. A hit writes down when it was, by a count of
 * all hits; two threads may take the same count, and then two files are equally recent.
 */
final class Lru<T> implements EvictionPolicy<T> {
  private final long capacity;
  private final Ranking<T> files = new Ranking<>();
  // May overflow: places are compared by difference.
  private int now;

  private static final class Stamped<T> extends Ranking.Ranked<T> {
    private final Lru<T> policy;
    private int at;

    Stamped(Lru<T> policy, T file, long bytes) {
      super(file, bytes);
      this.policy = policy;
      hit();
    }

    @Override
    public void hit() {
      at = ++policy.now;
    }

    @Override
    int worth() {
      return at;
    }
  }

  Lru(long capacity) {
    this.capacity = capacity;
  }

  @Override
  public Place inserted(T file, long bytes) {
    Stamped<T> place = new Stamped<>(this, file, bytes);
    files.add(place);
    return place;
  }

  @Override
  public void removed(Place place) {
    files.remove(place);
  }

  @Override
  public void resized(Place place, long bytes) {
    files.resize(place, bytes);
  }

  @Override
  public List<T> victims(long bytes, Predicate<? super T> mayGo) {
    return files.victims(bytes, mayGo);
  }

  @Override
  public boolean admits(long id, long bytes) {
    return bytes <= capacity;
  }
}
