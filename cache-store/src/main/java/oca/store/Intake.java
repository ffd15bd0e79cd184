package oca.store;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import oca.store.disk.Volume;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a file may be filled, and where.
 *
 * <p>Blocks on disks and on departures, never with the store's lock held.
 */
final class Intake {
  /** So long a wish waits for the room of volumes to become known after the start. */
  private static final Duration RECOVERY_PATIENCE = Duration.ofSeconds(2);

  /** So long a wish waits for what makes room to leave the disk, and for the file's own remains. */
  private static final Duration DEPARTURE_PATIENCE = Duration.ofSeconds(30);

  private static final int CLEARINGS = 4;

  private final StoreConfig config;
  private final Supplier<List<Shelf>> shelves;
  private final Holdings holdings;
  private final Recovery recovery;
  private final Room room;
  private final InstantSource clock;

  Intake(
      StoreConfig config,
      Supplier<List<Shelf>> shelves,
      Holdings holdings,
      Recovery recovery,
      Room room,
      InstantSource clock) {
    this.config = config;
    this.shelves = shelves;
    this.holdings = holdings;
    this.recovery = recovery;
    this.room = room;
    this.clock = clock;
  }

  /** What one attempt came to. */
  private sealed interface Place {
    /** There is a place: the session is to be started. */
    record Begun(DiskFill fill) implements Place {}

    /** A volume is being cleared for it. */
    record Clearing(Shelf shelf) implements Place {}

    /** No volume whose room is known has any free, and there are others. */
    record Unknown() implements Place {}

    /** Remains of the file itself are still being taken off a disk. */
    record Remains() implements Place {}

    record Refused(Admission.Reason reason) implements Place {}
  }

  Admission fill(FillRequest request) throws IOException {
    ContentKey key = request.meta().key();
    recovery.findNow(key);
    recovery.await(() -> shelves.get().stream().anyMatch(Shelf::takesFiles), RECOVERY_PATIENCE);
    fenceOlder(request);
    boolean patient = true;
    Set<Shelf> tried = new HashSet<>();
    @Nullable IOException failure = null;
    for (int clearings = 0; clearings < CLEARINGS; ) {
      switch (place(request, tried, patient)) {
        case Place.Begun(DiskFill fill) -> {
          try {
            fill.start();
            return new Admission.Admitted(fill);
          } catch (FencedException e) {
            return new Admission.Refused(Admission.Reason.FENCED);
          } catch (IOException e) {
            // Another volume may do; a full one is no failure.
            tried.add(fill.file().shelf());
            failure = fill.file().shelf().volume().isFull(e) ? failure : e;
          }
        }
        case Place.Clearing(Shelf shelf) -> {
          clearings++;
          awaitCleared(shelf, footprint(request));
        }
        case Place.Unknown() -> {
          recovery.await(this::allKnown, RECOVERY_PATIENCE);
          patient = false;
        }
        case Place.Remains() -> awaitRemains(key);
        case Place.Refused(Admission.Reason reason) -> {
          if (failure != null) {
            throw failure;
          }
          return new Admission.Refused(reason);
        }
      }
    }
    return new Admission.Refused(Admission.Reason.NO_SPACE);
  }

  private Place place(FillRequest request, Set<Shelf> tried, boolean patient) throws IOException {
    ContentMeta meta = request.meta();
    holdings.lock().lock();
    try {
      if (holdings.closed()) {
        throw new IOException("the store is closed");
      }
      Optional<Admission.Reason> refusal = refusal(meta.key());
      if (refusal.isPresent()) {
        return new Place.Refused(refusal.get());
      }
      if (hasRemains(meta.key())) {
        return new Place.Remains();
      }
      Optional<Partials.Partial> earlier = earlier(request);
      if (earlier.isPresent()) {
        return new Place.Begun(begin(request, earlier.get(), true));
      }
      if (hasRemains(meta.key())) {
        // What an earlier session left was of no use, and is on its way.
        return new Place.Remains();
      }
      return newPlace(request, tried, patient);
    } finally {
      holdings.lock().unlock();
    }
  }

  private Place newPlace(FillRequest request, Set<Shelf> tried, boolean patient) {
    long bytes = footprint(request);
    Optional<Shelf> free = room.withFree(bytes, tried);
    if (free.isPresent()) {
      Shelf shelf = free.get();
      shelf.volume().occupy(bytes);
      Partials.Partial fresh =
          new Partials.Partial(shelf, shelf.header(request.meta(), blockBytes(request)), false);
      return new Place.Begun(begin(request, fresh, false));
    }
    if (!allKnown() && patient) {
      return new Place.Unknown();
    }
    boolean planned = request.provenance().planVersion() != 0;
    Set<Shelf> worth = new HashSet<>();
    for (Shelf shelf : shelves.get()) {
      if (planned || asksToStay(shelf, request.meta().key(), bytes)) {
        worth.add(shelf);
      }
    }
    if (worth.isEmpty()) {
      return new Place.Refused(Admission.Reason.NOT_WORTH);
    }
    Optional<Shelf> clearing = room.clear(bytes, worth::contains, tried);
    return clearing.isPresent()
        ? new Place.Clearing(clearing.get())
        : new Place.Refused(allKnown() ? Admission.Reason.NO_SPACE : Admission.Reason.RECOVERING);
  }

  private boolean allKnown() {
    return shelves.get().stream().allMatch(shelf -> shelf.known() || !shelf.volume().takesFiles());
  }

  /**
   * Whether a file that no plan wants is worth what it would displace. The wish itself counts as a
   * request for it.
   */
  private static boolean asksToStay(Shelf shelf, ContentKey key, long bytes) {
    shelf.policy().missed(key.hash(), bytes);
    return shelf.policy().admits(key.hash(), bytes);
  }

  private boolean hasRemains(ContentKey key) {
    return shelves.get().stream()
        .anyMatch(shelf -> shelf.volume().inService() && shelf.departures().isLeaving(key));
  }

  private DiskFill begin(FillRequest request, Partials.Partial partial, boolean resumed) {
    DiskFill fill = new DiskFill(holdings, request, partial, resumed, config.syncBytes(), clock);
    holdings.begin(fill);
    return fill;
  }

  private Optional<Admission.Reason> refusal(ContentKey key) {
    @Nullable Entry entry = holdings.get(key);
    if (entry instanceof StoredFile file && !file.shelf().volume().inService()) {
      holdings.takeOut(file, Holdings.Fate.LEAVE, "its volume is out of service");
      entry = null;
    }
    if (entry instanceof StoredFile) {
      return Optional.of(Admission.Reason.HELD);
    }
    if (entry instanceof DiskFill) {
      return Optional.of(Admission.Reason.BEING_FILLED);
    }
    if (shelves.get().stream().noneMatch(shelf -> shelf.volume().takesFiles())) {
      return Optional.of(Admission.Reason.NO_VOLUME);
    }
    if (shelves.get().stream().noneMatch(Shelf::takesFiles)) {
      return Optional.of(Admission.Reason.RECOVERING);
    }
    return holdings.size() >= config.maxFiles()
        ? Optional.of(Admission.Reason.INDEX_FULL)
        : Optional.empty();
  }

  /** What an earlier session left of a file; dropped when it cannot be gone on with. */
  private Optional<Partials.Partial> earlier(FillRequest request) {
    Optional<Partials.Partial> left = holdings.partials().take(request.meta().key());
    if (left.isEmpty()) {
      return left;
    }
    Partials.Partial partial = left.get();
    BlockDigests announced = request.blocks();
    boolean fits =
        partial.shelf().takesFiles()
            && StoredFile.meta(partial.header()).equals(request.meta())
            && (announced == null || announced.blockBytes() == partial.header().blockBytes());
    if (!fits) {
      holdings.drop(partial);
      return Optional.empty();
    }
    return left;
  }

  /** Ends the session of an older writer; its blocks are gone on with. */
  private void fenceOlder(FillRequest request) {
    if (holdings.get(request.meta().key()) instanceof DiskFill older
        && older.generation() < request.provenance().generation()) {
      older.fence();
    }
  }

  private void awaitRemains(ContentKey key) throws IOException {
    for (Shelf shelf : shelves.get()) {
      if (!shelf.volume().inService()) {
        continue;
      }
      Departures departures = shelf.departures();
      if (!departures.await(
          () -> !departures.isLeaving(key) || !shelf.volume().inService(),
          DEPARTURE_PATIENCE.toNanos())) {
        throw new IOException(
            "content %s is still being taken off %s".formatted(key, shelf.volume().folder()));
      }
    }
  }

  private static void awaitCleared(Shelf shelf, long bytes) {
    Volume volume = shelf.volume();
    shelf
        .departures()
        .await(
            () -> volume.freeBytes() >= bytes || shelf.departures().waiting() == 0,
            DEPARTURE_PATIENCE.toNanos());
  }

  private int blockBytes(FillRequest request) {
    BlockDigests announced = request.blocks();
    return announced == null ? config.blockBytes() : announced.blockBytes();
  }

  private long footprint(FillRequest request) {
    return Volume.footprint(request.meta().length(), blockBytes(request));
  }
}
