package oca.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Chooses the volume of a new file, and what makes room for it. Called under the store's lock. */
final class Room {
  private final Supplier<List<Shelf>> shelves;
  private final Holdings holdings;
  private final RandomGenerator random;

  Room(Supplier<List<Shelf>> shelves, Holdings holdings, RandomGenerator random) {
    this.shelves = shelves;
    this.holdings = holdings;
    this.random = random;
  }

  /**
   * A volume with so many bytes free: by lot, weighted by what each has free, so that volumes fill
   * evenly and new ones are not flooded.
   *
   * @param tried not these
   */
  Optional<Shelf> withFree(long bytes, Set<Shelf> tried) {
    List<Shelf> candidates = new ArrayList<>();
    long total = 0;
    for (Shelf shelf : shelves.get()) {
      if (shelf.takesFiles() && !tried.contains(shelf) && shelf.volume().freeBytes() >= bytes) {
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

  /**
   * Begins to clear so many bytes on one volume: drops partial files nobody resumes and then
   * evicts. The room is there once they have left the disk. Pinned and leased files stay: a leased
   * one would give back nothing now.
   *
   * @param newcomer must be worth what it displaces
   * @return the volume; empty when on none even all that may go would be enough
   */
  Optional<Shelf> clear(long bytes, Predicate<Shelf> newcomer, Set<Shelf> tried) {
    return shelves.get().stream()
        .filter(shelf -> shelf.takesFiles() && !tried.contains(shelf))
        .filter(shelf -> shelf.volume().capacityBytes() >= bytes)
        .filter(newcomer)
        .sorted(Comparator.comparingLong((Shelf shelf) -> shelf.volume().freeBytes()).reversed())
        .filter(shelf -> clear(shelf, bytes))
        .findFirst();
  }

  private boolean clear(Shelf shelf, long bytes) {
    // What others have cleared may be theirs; when it is gone, the next attempt clears more.
    long missing = bytes - shelf.volume().freeBytes() - shelf.departures().leavingBytes();
    List<Partials.Partial> idle =
        holdings.partials().worth(shelf, missing, key -> !holdings.pinned(key));
    missing -= Partials.footprint(idle);
    List<StoredFile> victims = List.of();
    if (missing > 0) {
      victims = shelf.policy().victims(missing, this::mayGo);
      if (victims.isEmpty()) {
        return false;
      }
    }
    idle.forEach(holdings::drop);
    for (StoredFile file : victims) {
      holdings.takeOut(file, Holdings.Fate.EVICT, "evicted");
    }
    return true;
  }

  private boolean mayGo(StoredFile file) {
    return !holdings.pinned(file.key()) && !file.leased();
  }
}
