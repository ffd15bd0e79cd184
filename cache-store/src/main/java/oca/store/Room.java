package oca.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Chooses the volume of a new file. Called under the store's lock. */
final class Room {
  private final List<Shelf> shelves;
  private final RandomGenerator random;

  Room(List<Shelf> shelves, RandomGenerator random) {
    this.shelves = shelves;
    this.random = random;
  }

  /**
   * A volume in service with so many bytes free: by lot, weighted by what each has free, so that
   * volumes fill evenly and new ones are not flooded.
   */
  Optional<Shelf> withFree(long bytes) {
    List<Shelf> candidates = new ArrayList<>();
    long total = 0;
    for (Shelf shelf : shelves) {
      if (shelf.volume().inService() && shelf.volume().freeBytes() >= bytes) {
        candidates.add(shelf);
        total += shelf.volume().freeBytes();
      }
    }
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    long lot = random.nextLong(Math.max(1, total));
    for (Shelf shelf : candidates) {
      lot -= shelf.volume().freeBytes();
      if (lot < 0) {
        return Optional.of(shelf);
      }
    }
    // Files that readers gave back meanwhile have made the weights smaller than they are now.
    return Optional.of(candidates.getLast());
  }

  /** The volumes in service that are large enough, those with the most free bytes first. */
  List<Shelf> toClear(long bytes) {
    return shelves.stream()
        .filter(shelf -> shelf.volume().inService() && shelf.volume().capacityBytes() >= bytes)
        .sorted(Comparator.comparingLong((Shelf shelf) -> shelf.volume().freeBytes()).reversed())
        .toList();
  }
}
