package oca.server.vitals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.InventoryDigest;

/**
 * What is held, as it is told: the set at the last look with a version and a digest of its own, and
 * a journal of the last changes, from which deltas are made.
 *
 * <p>The store says that something changed, not what, so each look at a changed store compares all
 * it holds with what it held before: 24 to 32 bytes and some tens of nanoseconds a file. A look
 * that took long is followed by twenty times as long without one, during which the set before is
 * told on: at two million files that is a few seconds, and a file too late is used too late, while
 * one that left meanwhile is fetched from elsewhere.
 *
 * <p>Versions start with 1, the empty set, and go up by one with each change found. Bounded by the
 * store and by a number of files in the journal; what was dropped from it can only be told whole.
 * Safe on any thread.
 */
public final class HeldJournal {
  private static final int REST = 20;

  /** A version and what it holds. */
  public record Mark(long version, InventoryDigest digest) {}

  private record Change(long toVersion, List<ContentId> added, List<ContentId> removed) {
    int files() {
      return added.size() + removed.size();
    }
  }

  private final ApplianceId appliance;
  private final String bootId;
  private final LongSupplier storeVersion;
  private final Supplier<? extends Collection<ContentId>> store;
  private final int maxFiles;
  private final LongSupplier nanoClock;
  private final Deque<Change> changes = new ArrayDeque<>();
  private int journaled;
  private FileSet held = FileSet.EMPTY;
  private Mark mark = new Mark(1, InventoryDigest.EMPTY);
  private boolean looked;
  private long seenStore;
  private long restUntil;

  /**
   * A journal that begins with nothing held.
   *
   * @param storeVersion changes whenever what {@code store} gives does
   * @param store all that is held whole, each file once
   * @param maxFiles in all journaled changes together; 0 for none
   * @param nanoClock monotonic
   */
  public HeldJournal(
      ApplianceId appliance,
      String bootId,
      LongSupplier storeVersion,
      Supplier<? extends Collection<ContentId>> store,
      int maxFiles,
      LongSupplier nanoClock) {
    this.appliance = appliance;
    this.bootId = bootId;
    this.storeVersion = storeVersion;
    this.store = store;
    this.maxFiles = maxFiles;
    this.nanoClock = nanoClock;
  }

  /** Looks at the store, if it changed and the last look is not too fresh; what is told now. */
  public synchronized Mark look() {
    long now = nanoClock.getAsLong();
    if (looked && now - restUntil < 0) {
      return mark;
    }
    // Read before the files: a change during the look is found by the next one.
    long version = storeVersion.getAsLong();
    if (!looked || version != seenStore) {
      compare(store.get());
      looked = true;
      seenStore = version;
      restUntil = nanoClock.getAsLong() + REST * (nanoClock.getAsLong() - now);
    }
    return mark;
  }

  /** All that was held at the last look. */
  public synchronized Inventory inventory() {
    return new Inventory(appliance, bootId, mark.version(), held.files());
  }

  /**
   * What changed since a version up to the last look; empty when the journal does not reach back so
   * far, when the version never was, or when the whole would be shorter.
   */
  public synchronized Optional<InventoryDelta> since(long version) {
    if (version >= mark.version() || version < mark.version() - changes.size()) {
      return Optional.empty();
    }
    // A file that came and went again is in neither list: the last word counts, if it differs.
    Map<ContentId, Boolean> first = new HashMap<>();
    Map<ContentId, Boolean> last = new HashMap<>();
    for (Change change : changes) {
      if (change.toVersion() > version) {
        note(change.added(), true, first, last);
        note(change.removed(), false, first, last);
      }
    }
    List<ContentId> added = new ArrayList<>();
    List<ContentId> removed = new ArrayList<>();
    last.forEach(
        (file, there) -> {
          if (there.equals(first.get(file))) {
            (there ? added : removed).add(file);
          }
        });
    return added.size() + removed.size() > held.size()
        ? Optional.empty()
        : Optional.of(
            new InventoryDelta(appliance, bootId, version, mark.version(), added, removed));
  }

  /** The first change of a file says whether it was there before, the last whether it is now. */
  private static void note(
      List<ContentId> files,
      boolean there,
      Map<ContentId, Boolean> first,
      Map<ContentId, Boolean> last) {
    for (ContentId file : files) {
      first.putIfAbsent(file, there);
      last.put(file, there);
    }
  }

  private void compare(Collection<ContentId> files) {
    FileSet next = new FileSet(files);
    List<ContentId> added = next.without(held);
    List<ContentId> removed = held.without(next);
    held = next;
    if (added.isEmpty() && removed.isEmpty()) {
      return;
    }
    InventoryDigest digest = mark.digest();
    for (ContentId file : added) {
      digest = digest.with(file);
    }
    for (ContentId file : removed) {
      digest = digest.without(file);
    }
    mark = new Mark(mark.version() + 1, digest);
    Change change = new Change(mark.version(), List.copyOf(added), List.copyOf(removed));
    changes.addLast(change);
    journaled += change.files();
    while (journaled > maxFiles) {
      journaled -= changes.removeFirst().files();
    }
  }
}
