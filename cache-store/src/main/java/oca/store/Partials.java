package oca.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import oca.store.disk.ContentFile;
import oca.store.disk.Volume;
import org.jspecify.annotations.Nullable;

/**
 * The partial files that no session is filling: left by a crash, a window that closed, a source
 * that failed, or a block that was found damaged. Each takes room until it is resumed or dropped.
 *
 * <p>Every method is called under the store's lock.
 */
final class Partials {
  private final Map<ContentKey, Partial> partials = new HashMap<>();

  /**
   * One of them.
   *
   * @param shelf it takes room on
   * @param proven whether its blocks had passed the digest of the whole, so that those which still
   *     match their checksums may be served
   */
  record Partial(Shelf shelf, ContentFile.Header header, boolean proven) {
    ContentKey key() {
      return new ContentKey(header.high(), header.low());
    }

    long footprint() {
      return Volume.footprint(header.length(), header.blockBytes());
    }
  }

  int count() {
    return partials.size();
  }

  boolean has(ContentKey key) {
    return partials.containsKey(key);
  }

  boolean isOn(Shelf shelf, ContentKey key) {
    @Nullable Partial known = partials.get(key);
    return known != null && known.shelf() == shelf;
  }

  void add(Partial partial) {
    partials.put(partial.key(), partial);
  }

  List<ContentKey> keys() {
    return List.copyOf(partials.keySet());
  }

  Optional<Partial> get(ContentKey key) {
    return Optional.ofNullable(partials.get(key));
  }

  /** Gives one out, if there is one; it is then none of ours. */
  Optional<Partial> take(ContentKey key) {
    return Optional.ofNullable(partials.remove(key));
  }

  /** Those on a shelf that may go, until they take up {@code bytes} together. */
  List<Partial> worth(Shelf shelf, long bytes, Predicate<ContentKey> mayGo) {
    long missing = bytes;
    List<Partial> idle = new ArrayList<>();
    for (Partial partial : partials.values()) {
      if (missing > 0 && partial.shelf() == shelf && mayGo.test(partial.key())) {
        idle.add(partial);
        missing -= partial.footprint();
      }
    }
    return idle;
  }

  /** Forgets one that is dropped. */
  void forget(Partial partial) {
    partials.remove(partial.key(), partial);
  }

  /** Forgets those on a shelf that went out of service; their files stay where they are. */
  void forget(Shelf shelf) {
    partials.values().removeIf(partial -> partial.shelf() == shelf);
  }

  /** The sum of what the partial files in {@code list} take up. */
  static long footprint(List<Partial> list) {
    long sum = 0;
    for (Partial partial : list) {
      sum += partial.footprint();
    }
    return sum;
  }
}
