package oca.store;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import oca.store.disk.ContentFile;
import oca.store.disk.Volume;

/**
 * The partial files that no session is filling: left by a crash, a window that closed or a source
 * that failed. Each takes room until it is resumed or dropped.
 *
 * <p>Every method is called under the store's lock.
 */
final class Partials {
  private final Map<ContentKey, Partial> partials = new HashMap<>();
  private final Predicate<ContentKey> held;

  /** One of them, and the shelf that it takes room on. */
  record Partial(Shelf shelf, ContentFile.Header header) {
    ContentKey key() {
      return new ContentKey(header.high(), header.low());
    }

    long footprint() {
      return Volume.footprint(header.length(), header.blockBytes());
    }
  }

  /**
   * None yet.
   *
   * @param held whether the store holds a whole file of that key
   */
  Partials(Predicate<ContentKey> held) {
    this.held = held;
  }

  int count() {
    return partials.size();
  }

  boolean has(ContentKey key) {
    return partials.containsKey(key);
  }

  void add(Partial partial) {
    partials.put(partial.key(), partial);
  }

  /** Gives one out for a session, if there is one; it is then none of ours. */
  Optional<Partial> take(ContentKey key) {
    return Optional.ofNullable(partials.remove(key));
  }

  /** Those on a shelf that are not pinned, until they take up {@code bytes} together. */
  List<Partial> worth(Shelf shelf, long bytes, Set<ContentKey> pinned) {
    long missing = bytes;
    List<Partial> idle = new ArrayList<>();
    for (Partial partial : partials.values()) {
      if (missing > 0 && partial.shelf() == shelf && !pinned.contains(partial.key())) {
        idle.add(partial);
        missing -= partial.footprint();
      }
    }
    return idle;
  }

  /** Deletes one, known here or not, and gives back its room. */
  void drop(Partial partial) {
    partials.remove(partial.key(), partial);
    if (delete(partial)) {
      partial.shelf().volume().release(partial.footprint());
    }
  }

  /** Deletes one from the disk; false when the disk refuses, and the room stays taken. */
  boolean delete(Partial partial) {
    Volume volume = partial.shelf().volume();
    ContentFile.Header header = partial.header();
    try {
      // A commit that failed may have renamed it already.
      Files.deleteIfExists(volume.partialPath(header.high(), header.low()));
      if (!held.test(partial.key())) {
        Files.deleteIfExists(volume.contentPath(header.high(), header.low()));
      }
      return true;
    } catch (IOException e) {
      partial.shelf().charge(e);
      return false;
    }
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
