package oca.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import oca.store.disk.ContentFile;
import oca.store.disk.Volume;
import oca.store.evict.EvictionPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the store holds: the table that lookups read, and beside it whatever must agree with it (the
 * index, what each volume counts, the eviction policies, the partial files).
 *
 * <p>Lookups read the table without a lock. Everything that changes it happens under one lock, in
 * memory alone: what has to be done on a disk is handed to the volume's own threads, so that a disk
 * which hangs never holds the lock.
 */
final class Holdings {
  private static final Logger log = LoggerFactory.getLogger(Holdings.class);

  private final FileTable table = new FileTable();
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong version = new AtomicLong(1);
  private final AtomicLong evicted = new AtomicLong();
  private final Partials partials = new Partials();
  private final ContentIndex index;
  private volatile Set<ContentKey> pinned = Set.of();
  private volatile boolean closed;

  /** While files are still being looked for: what was taken out meanwhile, and is not to return. */
  private @Nullable Set<ContentKey> gone = ConcurrentHashMap.newKeySet();

  /** What happens on the disk to a file that is taken out. */
  enum Fate {
    DELETE,
    EVICT,
    QUARANTINE,
    LEAVE
  }

  Holdings(ContentIndex index) {
    this.index = index;
  }

  ReentrantLock lock() {
    return lock;
  }

  Partials partials() {
    return partials;
  }

  @Nullable Entry get(ContentKey key) {
    return table.get(key);
  }

  /** Whole files and files being filled. */
  long size() {
    return table.size();
  }

  long version() {
    return version.get();
  }

  long evicted() {
    return evicted.get();
  }

  boolean closed() {
    return closed;
  }

  void pin(Set<ContentKey> keys) {
    pinned = Set.copyOf(keys);
  }

  boolean pinned(ContentKey key) {
    return pinned.contains(key);
  }

  Lookup lookup(ContentKey key) {
    Entry entry = table.get(key);
    while (entry != null && !closed) {
      Lookup found = entry.lookup();
      if (!(found instanceof Lookup.Miss)) {
        return found;
      }
      // A file that moves to another disk may have gone between the two steps: its copy is there.
      Entry now = table.get(key);
      if (now == entry) {
        return found;
      }
      entry = now;
    }
    return Lookup.Miss.MISS;
  }

  /** The keys of all whole files on volumes in service. */
  Collection<ContentKey> held() {
    List<ContentKey> held = new ArrayList<>();
    forEachFile(
        file -> {
          if (file.shelf().volume().inService()) {
            held.add(file.key());
          }
        });
    return held;
  }

  /** Shows all whole files, in no order, with changes meanwhile or without. */
  void forEachFile(Consumer<StoredFile> taker) {
    table.forEach(
        entry -> {
          if (entry instanceof StoredFile file) {
            taker.accept(file);
          }
        });
  }

  /** All sessions that fill a file. */
  List<DiskFill> fills() {
    List<DiskFill> fills = new ArrayList<>();
    table.forEach(
        entry -> {
          if (entry instanceof DiskFill fill) {
            fills.add(fill);
          }
        });
    return fills;
  }

  /** Keys of what is here and not whole: being filled, or waiting for a session. */
  List<ContentKey> unfinished() {
    lock.lock();
    try {
      List<ContentKey> keys = new ArrayList<>(partials.keys());
      fills().forEach(fill -> keys.add(fill.file().key()));
      return keys;
    } finally {
      lock.unlock();
    }
  }

  /** What waits for a session. */
  Optional<Partials.Partial> partial(ContentKey key) {
    lock.lock();
    try {
      return partials.get(key);
    } finally {
      lock.unlock();
    }
  }

  /** A whole file was found on a volume. Nothing happens when it is known, or gone since. */
  void adopt(Shelf shelf, ContentFile.Header header) {
    StoredFile file = new StoredFile(header, shelf);
    lock.lock();
    try {
      if (!mayAdopt(shelf, file.key())) {
        return;
      }
      @Nullable Entry known = table.get(file.key());
      if (known instanceof StoredFile twin && twin.shelf() != shelf) {
        // Filled again while its volume was out of service: one copy is enough.
        log.info(
            "content {} is on {} too, dropping it", file.key(), twin.shelf().volume().folder());
        leave(shelf, file.key(), file.path(), 0);
      } else if (known == null) {
        partials.take(file.key()).ifPresent(this::drop);
        shelf.volume().occupyFound(file.footprint());
        shelve(file);
        // At the start the index knows it, or is made anew when all has been found.
        if (gone == null) {
          index.put(file);
          version.incrementAndGet();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** A partial file was found on a volume. */
  void adoptPartial(Shelf shelf, ContentFile.Header header) {
    Partials.Partial partial = new Partials.Partial(shelf, header, false);
    lock.lock();
    try {
      if (!mayAdopt(shelf, partial.key())) {
        return;
      }
      @Nullable Entry known = table.get(partial.key());
      boolean same = known instanceof DiskFill fill && fill.file().shelf() == shelf;
      if (same || partials.isOn(shelf, partial.key())) {
        return;
      }
      shelf.volume().occupyFound(partial.footprint());
      if (known != null || partials.has(partial.key())) {
        // The crash came between the rename and its way to the disk, or it was begun twice.
        drop(partial);
      } else {
        partials.add(partial);
      }
    } finally {
      lock.unlock();
    }
  }

  /** All that is on the volumes has been found. */
  void recovered() {
    lock.lock();
    try {
      gone = null;
      version.incrementAndGet();
    } finally {
      lock.unlock();
    }
  }

  /** A session begins. Under the lock. */
  void begin(DiskFill fill) {
    table.put(fill);
  }

  /** A session's file is durable under its final name. */
  void publish(DiskFill fill) {
    StoredFile file = fill.file();
    lock.lock();
    try {
      if (table.get(file.key()) != fill) {
        // Its volume went out of service in the last moment; the file is found when it is back.
        file.discard(false);
        return;
      }
      shelve(file);
      index.put(file);
      version.incrementAndGet();
      if (fill.proven()) {
        file.shelf().countRepaired();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * A session ended without a commit.
   *
   * @param kept what it leaves for a later one, or null
   * @param freed whether its file is off the disk
   */
  void ended(DiskFill fill, Partials.@Nullable Partial kept, boolean freed) {
    StoredFile file = fill.file();
    lock.lock();
    try {
      if (table.remove(fill) && kept != null && file.shelf().volume().inService()) {
        partials.add(kept);
      }
    } finally {
      lock.unlock();
    }
    file.discard(freed);
  }

  /**
   * Takes a file out of all tables, and off the disk as its fate is; false when it was not here.
   */
  boolean takeOut(StoredFile file, Fate fate, String why) {
    ContentKey key = file.key();
    lock.lock();
    try {
      if (!forget(file)) {
        return false;
      }
      log.debug("content {} is taken out: {}", key, why);
      Shelf shelf = file.shelf();
      switch (fate) {
        case EVICT, DELETE -> {
          if (fate == Fate.EVICT) {
            evicted.incrementAndGet();
          }
          shelf
              .departures()
              .leave(key, file.footprint(), () -> file.discard(delete(shelf, file.path())));
        }
        case QUARANTINE ->
            shelf
                .departures()
                .leave(key, 0, () -> file.discard(quarantine(shelf, file.path(), why)));
        case LEAVE -> shelf.departures().run(() -> file.discard(false));
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a file out of all tables and has something done to it on its volume's own thread. */
  boolean takeOut(StoredFile file, Departures.Step step) {
    lock.lock();
    try {
      if (!forget(file)) {
        return false;
      }
      file.shelf().departures().leave(file.key(), 0, step);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves away what lies where a content's file would, unless the content has become known
   * meanwhile.
   *
   * @return false when it has
   */
  boolean quarantineUnknown(Shelf shelf, ContentKey key, Path path, String why) {
    lock.lock();
    try {
      if (closed || shelf.departures().isLeaving(key) || isOn(shelf, key)) {
        return false;
      }
      shelf.departures().leave(key, 0, () -> quarantine(shelf, path, why));
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isOn(Shelf shelf, ContentKey key) {
    return switch (table.get(key)) {
      case StoredFile file -> file.shelf() == shelf;
      case DiskFill fill -> fill.file().shelf() == shelf;
      case null -> false;
    };
  }

  /**
   * Takes room for a file on another volume that has it free, and keeps the key for it there.
   *
   * @return the volume; empty when there is none or the file is gone
   */
  Optional<Shelf> claimRoom(StoredFile file, Room room) {
    lock.lock();
    try {
      if (closed || table.get(file.key()) != file) {
        return Optional.empty();
      }
      Optional<Shelf> target = room.withFree(file.footprint(), Set.of(file.shelf()));
      if (target.isEmpty() || target.get().departures().isLeaving(file.key())) {
        return Optional.empty();
      }
      target.get().volume().occupy(file.footprint());
      target.get().departures().claim(file.key());
      return target;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a copy of a file, which is open, in its place, and takes the file off its disk. Lookups
   * find one or the other.
   *
   * @return false when the file was taken out or the copy's volume takes none; nothing was done
   *     then
   */
  boolean swap(StoredFile file, StoredFile copy) {
    lock.lock();
    try {
      if (closed || table.get(file.key()) != file || !copy.shelf().takesFiles()) {
        return false;
      }
      Shelf before = file.shelf();
      unshelve(file);
      shelve(copy);
      index.put(copy);
      before
          .departures()
          .leave(file.key(), file.footprint(), () -> file.discard(delete(before, file.path())));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Drops the partial files on a volume that no session fills. */
  void dropPartials(Shelf shelf) {
    lock.lock();
    try {
      partials.worth(shelf, Long.MAX_VALUE, key -> true).forEach(this::drop);
    } finally {
      lock.unlock();
    }
  }

  /** A file that was withdrawn waits for a session to complete it. */
  void withdrawn(Partials.Partial partial) {
    lock.lock();
    try {
      if (!closed && partial.shelf().volume().inService()) {
        partials.add(partial);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes out all files of a volume that went out of service. */
  void retire(Shelf shelf) {
    lock.lock();
    try {
      forEachFile(
          file -> {
            if (file.shelf() == shelf) {
              takeOut(file, Fate.LEAVE, "its volume is out of service");
            }
          });
      for (DiskFill fill : fills()) {
        if (fill.file().shelf() == shelf) {
          table.remove(fill);
        }
      }
      partials.forget(shelf);
      version.incrementAndGet();
    } finally {
      lock.unlock();
    }
  }

  /** Drops a partial file, known here or not, and gives back its room. Under the lock. */
  void drop(Partials.Partial partial) {
    partials.forget(partial);
    Volume volume = partial.shelf().volume();
    leave(
        partial.shelf(),
        partial.key(),
        volume.partialPath(partial.key().high(), partial.key().low()),
        partial.footprint());
  }

  /** From now on lookups miss and nothing changes. Sessions are the caller's to end. */
  void shut() {
    closed = true;
  }

  /** Lets go of all descriptors. */
  void clear() {
    lock.lock();
    try {
      forEachFile(file -> file.shelf().departures().run(() -> file.discard(false)));
      table.clear();
    } finally {
      lock.unlock();
    }
  }

  private boolean mayAdopt(Shelf shelf, ContentKey key) {
    return !closed
        && shelf.volume().inService()
        && (gone == null || !gone.contains(key))
        && !shelf.departures().isLeaving(key);
  }

  /** Takes a file out of all tables; false when it was not in them. */
  private boolean forget(StoredFile file) {
    ContentKey key = file.key();
    if (closed || !table.remove(file)) {
      return false;
    }
    if (gone != null) {
      gone.add(key);
    }
    index.remove(key);
    unshelve(file);
    version.incrementAndGet();
    return true;
  }

  private static void unshelve(StoredFile file) {
    EvictionPolicy.Place place = file.place();
    if (place != null) {
      file.shelf().policy().removed(place);
    }
    file.shelf().volume().countFiles(-1);
  }

  private void shelve(StoredFile file) {
    Shelf shelf = file.shelf();
    file.place(shelf.policy().inserted(file, file.footprint()));
    table.put(file);
    shelf.volume().countFiles(1);
  }

  private static void leave(Shelf shelf, ContentKey key, Path path, long footprint) {
    shelf
        .departures()
        .leave(
            key,
            footprint,
            () -> {
              if (delete(shelf, path)) {
                shelf.released(footprint);
              }
            });
  }

  /** False when the disk refuses: its room stays taken. */
  private static boolean delete(Shelf shelf, Path path) {
    try {
      shelf.volume().disk().delete(path);
      return true;
    } catch (IOException e) {
      shelf.charge(e);
      return false;
    }
  }

  private static boolean quarantine(Shelf shelf, Path path, String why) {
    try {
      shelf.volume().quarantine(path, why);
      return true;
    } catch (IOException e) {
      shelf.charge(e);
      return false;
    }
  }
}
