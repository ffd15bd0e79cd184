package oca.store;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Reads all that lies on the volumes in service, again and again, each volume on a thread of its
 * own and no faster than allowed, so that what a disk has altered or lost is found before a viewer
 * asks for it. See {@link Scrub}.
 *
 * <p>Safe on any thread; the reading itself blocks on its volume alone.
 */
final class Scrubber implements AutoCloseable {
  private final Holdings holdings;
  private final Damage damage;
  private final long bytesPerSecond;
  private final InstantSource clock;
  private final VolumeTasks<Scrub> scrubs = new VolumeTasks<>("store-scrub");

  /**
   * @param bytesPerSecond so fast each volume is read; 0 for not at all
   */
  Scrubber(Holdings holdings, Damage damage, long bytesPerSecond, InstantSource clock) {
    this.holdings = holdings;
    this.damage = damage;
    this.bytesPerSecond = bytesPerSecond;
    this.clock = clock;
  }

  /** Begins with a volume, or goes on where it was left; returns at once. */
  void begin(Shelf shelf) {
    if (bytesPerSecond > 0 && shelf.volume().inService()) {
      scrubs.begin(shelf, new Scrub(shelf, holdings, damage, bytesPerSecond, clock));
    }
  }

  /** How far it has come, one entry for each of these volumes that is read. */
  List<ScrubStatus> status(List<Shelf> shelves) {
    return shelves.stream().map(scrubs::of).flatMap(Optional::stream).map(Scrub::status).toList();
  }

  /** Ends with a volume, and waits for the end unless the disk hangs. */
  void end(Shelf shelf) {
    scrubs.end(shelf);
  }

  /** Ends all, noting how far they have come. */
  @Override
  public void close() {
    scrubs.close();
  }
}
