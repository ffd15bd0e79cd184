package oca.store.evict;

import java.util.ArrayList;
import java.util.List;

/** What one call for victims has found so far. */
final class Victims<T> {
  private final List<T> files = new ArrayList<>();
  private final long wanted;
  private long found;

  Victims(long wanted) {
    this.wanted = wanted;
  }

  void add(T file, long bytes) {
    files.add(file);
    found += bytes;
  }

  boolean enough() {
    return found >= wanted;
  }

  /** All of them, or none when they would not be enough. */
  List<T> orNone() {
    return enough() ? files : List.of();
  }
}
