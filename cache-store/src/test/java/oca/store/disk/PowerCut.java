package oca.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import oca.store.disk.RecordingDisk.Step;
import org.jspecify.annotations.Nullable;

/**
 * What a power cut may leave of a disk whose changes were recorded.
 *
 * <p><b>The model.</b> A disk is a set of registers: each sector of 512 bytes of each file, the
 * size of each file, and each name in each folder. Every register has a history of values. A sync
 * of a file settles its sectors and its size, a sync of a folder settles the names in it: the cut
 * then leaves that value or a later one. Every register whose history goes on after that keeps any
 * one of these later values, or the settled one, each by itself: writes reach the disk in any
 * order, a write of several sectors may be torn between any of them, a size may be there without
 * the bytes (they read as zeros) and bytes without the size (they are gone), a name without what it
 * speaks of, a deletion before what was done earlier. One thing is tied: of a rename the old name
 * is not gone unless the new one is there, while both may be there at once, for the same file.
 *
 * <p><b>Where it is learned.</b> The registers are the block-level and directory-level operations
 * of Pillai et al., "All File Systems Are Not Created Equal" (ALICE, OSDI 2014), who found that
 * file systems differ in just these orders: appends against sizes, names against data, names
 * against names. That a cut between syncs of each other's files and folders is where bugs are is
 * from Mohan et al., "Finding Crash-Consistency Bugs with Bounded Black-Box Crash Testing"
 * (CrashMonkey and B3, OSDI 2018). A torn sector is taken as impossible, as SQLite's documents
 * ("Atomic Commit In SQLite") no longer do without its powersafe-overwrite assumption: disks finish
 * a sector with the energy they have left. ext4 with data=ordered and XFS leave a subset of these
 * states: their journals keep names in order and a rename whole, ext4 writes data before the size
 * that covers it, both settle the name of a new file with its first sync. So who bears this model
 * bears them, and Btrfs besides.
 *
 * <p><b>Not covered:</b> disks that lie about a flush, sectors that rot or are written elsewhere
 * (see the bit flips), bytes of other files in a grown one (a journal that is off, data=writeback),
 * writes that a failed sync has dropped from the page cache, a cut within the next recovery unless
 * that is recorded in its turn, and the index, which is thrown away.
 *
 * <p>For one thread at a time; moves forward through the log only.
 */
public final class PowerCut {
  /** The unit that a disk writes whole. */
  public static final int SECTOR = 512;

  private static final long NO_NODE = -1;

  /** Which of the changes that no sync has settled are there. */
  public enum Left {
    /** None. */
    NOTHING,
    /** All: the disk was only just fast enough. */
    EVERYTHING,
    /** All names, and no bytes nor sizes. */
    NAMES,
    /** All bytes and sizes, and no names. */
    BYTES,
    /** All, but of the last write only some sectors. */
    LAST_TORN,
    /** Each step by a throw of the dice. */
    SOME_STEPS,
    /** Each sector, size and name by a throw of the dice. */
    SCATTERED
  }

  private record Name(long folder, String name) {}

  /** A value of a register, and the place in the log of the step that gave it. */
  private record Value<T>(int step, T value) {}

  private static final class Entry {
    long settled = NO_NODE;
    final List<Value<Long>> later = new ArrayList<>();

    long value(int version) {
      return version == 0 ? settled : later.get(version - 1).value();
    }

    void settle() {
      settled = value(later.size());
      later.clear();
    }
  }

  private static final class Bytes {
    byte[] settled = {};
    final List<Value<Step>> later = new ArrayList<>();
  }

  /** Two names that one rename ties: the old one, and the new one. */
  private record Tie(int step, Name from, Name to) {}

  private final List<Step> log;
  private final Map<Name, Entry> names = new LinkedHashMap<>();
  private final Map<Long, Bytes> files = new TreeMap<>();
  private final Set<Long> folders = new HashSet<>();
  private final List<Tie> ties = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private int length;

  /** Before the first step of the log. */
  public PowerCut(List<Step> log) {
    this.log = log;
    folders.add(0L);
  }

  /** How many steps have been taken when the power goes. */
  public int length() {
    return length;
  }

  /** The remarks among them. */
  public List<String> remarks() {
    return remarks;
  }

  /** Whether nothing is left to chance: all that was done is settled. */
  public boolean isSettled() {
    return files.values().stream().allMatch(file -> file.later.isEmpty())
        && names.values().stream().allMatch(name -> name.later.isEmpty());
  }

  /** Takes steps until so many are taken. */
  public void moveTo(int steps) {
    while (length < steps) {
      take(log.get(length), length);
      length++;
    }
  }

  private void take(Step step, int at) {
    switch (step) {
      case Step.Made made -> {
        if (made.isFolder()) {
          folders.add(made.node());
        } else {
          files.put(made.node(), new Bytes());
        }
        set(new Name(made.folder(), made.name()), made.node(), at);
      }
      case Step.Written written -> file(written.file()).later.add(new Value<>(at, written));
      case Step.Sized sized -> file(sized.file()).later.add(new Value<>(at, sized));
      case Step.Synced synced -> {
        Bytes file = file(synced.file());
        file.settled = merged(file, file.later.size(), file.later.size(), null);
        file.later.clear();
      }
      case Step.Renamed renamed -> {
        Name from = new Name(renamed.fromFolder(), renamed.from());
        Name to = new Name(renamed.toFolder(), renamed.to());
        set(to, renamed.node(), at);
        set(from, NO_NODE, at);
        ties.add(new Tie(at, from, to));
      }
      case Step.Deleted deleted -> set(new Name(deleted.folder(), deleted.name()), NO_NODE, at);
      case Step.FolderSynced synced ->
          names.forEach(
              (name, entry) -> {
                if (name.folder() == synced.folder()) {
                  entry.settle();
                }
              });
      case Step.Remark remark -> remarks.add(remark.text());
    }
  }

  private Bytes file(long identity) {
    return files.get(identity);
  }

  private void set(Name name, long node, int at) {
    names.computeIfAbsent(name, any -> new Entry()).later.add(new Value<>(at, node));
  }

  /** A disk as this cut may leave it; the same for the same seed. */
  public MemoryDisk disk(Left left, long seed) throws IOException {
    return new Choice(left, seed).disk();
  }

  /** Plays steps on the settled bytes: sizes up to one version, sectors each up to its own. */
  private static byte[] merged(
      Bytes file, int sizeVersion, int versions, @Nullable Map<Integer, Integer> perSector) {
    int size = file.settled.length;
    int room = size;
    for (int i = 0; i < file.later.size(); i++) {
      int now =
          switch (file.later.get(i).value()) {
            case Step.Written w -> Math.max(size, Math.toIntExact(w.position()) + w.bytes().length);
            case Step.Sized s -> Math.toIntExact(s.bytes());
            case Step other -> throw new AssertionError(other);
          };
      size = i < sizeVersion ? now : size;
      room = Math.max(room, now);
    }
    byte[] bytes = Arrays.copyOf(file.settled, room);
    for (int i = 0; i < file.later.size(); i++) {
      switch (file.later.get(i).value()) {
        case Step.Written written -> {
          int from = (int) written.position();
          int to = from + written.bytes().length;
          for (int at = from; at < to; at = (at / SECTOR + 1) * SECTOR) {
            int sector = at / SECTOR;
            int upTo = perSector == null ? versions : perSector.getOrDefault(sector, versions);
            if (i < upTo) {
              int end = Math.min(to, (sector + 1) * SECTOR);
              System.arraycopy(written.bytes(), at - from, bytes, at, end - at);
            }
          }
        }
        case Step.Sized sized -> {
          // What was cut off does not come back when the file grows again.
          if (i < sizeVersion) {
            Arrays.fill(bytes, Math.min(room, (int) sized.bytes()), room, (byte) 0);
          }
        }
        case Step other -> throw new AssertionError(other);
      }
    }
    return Arrays.copyOf(bytes, size);
  }

  /** One way in which the dice fall. */
  private final class Choice {
    private final Left left;
    private final SplittableRandom random;
    private final LongPredicate stepIsThere;
    private final MemoryDisk disk = new MemoryDisk();
    private final Map<Name, Integer> versions = new HashMap<>();
    private final Map<Long, List<Name>> byFolder = new HashMap<>();
    private final Map<Long, Path> placed = new HashMap<>();

    Choice(Left left, long seed) {
      this.left = left;
      this.random = new SplittableRandom(seed);
      double share = random.nextDouble();
      long stepSeed = random.nextLong();
      this.stepIsThere = step -> new SplittableRandom(stepSeed + step).nextDouble() < share;
    }

    MemoryDisk disk() throws IOException {
      names.forEach(
          (name, entry) -> {
            versions.put(name, version(entry));
            byFolder.computeIfAbsent(name.folder(), any -> new ArrayList<>()).add(name);
          });
      tie();
      place(0, Path.of("/"));
      return disk;
    }

    private int version(Entry entry) {
      int all = entry.later.size();
      return switch (left) {
        case NOTHING, BYTES -> 0;
        case EVERYTHING, NAMES, LAST_TORN -> all;
        case SOME_STEPS -> lastThere(entry.later);
        case SCATTERED -> random.nextInt(all + 1);
      };
    }

    private int lastThere(List<? extends Value<?>> later) {
      int last = later.size();
      while (last > 0 && !stepIsThere.test(later.get(last - 1).step())) {
        last--;
      }
      return last;
    }

    /** Where an old name is gone, the new one must have come. */
    private void tie() {
      boolean again = true;
      while (again) {
        again = false;
        for (Tie tie : ties) {
          if (reached(tie.from(), tie.step()) && !reached(tie.to(), tie.step())) {
            Entry to = names.get(tie.to());
            int version = 0;
            while (to.later.get(version).step() != tie.step()) {
              version++;
            }
            versions.put(tie.to(), version + 1);
            again = true;
          }
        }
      }
    }

    /** Whether a name's chosen value is that of a step or a later one. */
    private boolean reached(Name name, int step) {
      Entry entry = names.get(name);
      int version = versions.get(name);
      boolean stepIsLater = entry.later.stream().anyMatch(value -> value.step() == step);
      return !stepIsLater || (version > 0 && entry.later.get(version - 1).step() >= step);
    }

    private void place(long folder, Path path) throws IOException {
      for (Name name : byFolder.getOrDefault(folder, List.of())) {
        long node = names.get(name).value(versions.get(name));
        Path below = path.resolve(name.name());
        if (folders.contains(node)) {
          disk.makeFolder(below);
          place(node, below);
        } else if (node != NO_NODE) {
          placeFile(node, below);
        }
      }
    }

    private void placeFile(long node, Path path) throws IOException {
      @Nullable Path twin = placed.putIfAbsent(node, path);
      if (twin != null) {
        disk.link(twin, path);
        return;
      }
      try (OpenFile file = disk.open(path, Disk.Mode.WRITE)) {
        file.channel().write(ByteBuffer.wrap(bytes(files.get(node), node)), 0);
      }
    }

    private byte[] bytes(Bytes file, long node) {
      int all = file.later.size();
      SplittableRandom dice = new SplittableRandom(random.nextLong() ^ node);
      return switch (left) {
        case NOTHING, NAMES -> file.settled;
        case EVERYTHING, BYTES -> merged(file, all, all, null);
        case LAST_TORN -> merged(file, all, all, torn(file, dice));
        case SOME_STEPS -> merged(file, lastThere(file.later), 0, kept(file));
        case SCATTERED -> merged(file, dice.nextInt(all + 1), 0, scattered(file, dice));
      };
    }

    /** Some sectors of the log's last write, if this is its file, are as they were before. */
    private Map<Integer, Integer> torn(Bytes file, SplittableRandom dice) {
      Map<Integer, Integer> upTo = new HashMap<>();
      int last = file.later.size() - 1;
      if (last >= 0
          && file.later.get(last).step() == lastWrite()
          && file.later.get(last).value() instanceof Step.Written written) {
        sectors(written).filter(sector -> dice.nextBoolean()).forEach(s -> upTo.put(s, last));
      }
      return upTo;
    }

    private int lastWrite() {
      int at = length - 1;
      while (at >= 0 && !(log.get(at) instanceof Step.Written)) {
        at--;
      }
      return at;
    }

    private Map<Integer, Integer> kept(Bytes file) {
      Map<Integer, Integer> upTo = new HashMap<>();
      for (int i = 0; i < file.later.size(); i++) {
        int version = i + 1;
        if (file.later.get(i).value() instanceof Step.Written written
            && stepIsThere.test(file.later.get(i).step())) {
          sectors(written).forEach(sector -> upTo.put(sector, version));
        }
      }
      return upTo;
    }

    private Map<Integer, Integer> scattered(Bytes file, SplittableRandom dice) {
      Map<Integer, Integer> upTo = new HashMap<>();
      for (Value<Step> value : file.later) {
        if (value.value() instanceof Step.Written written) {
          sectors(written)
              .forEach(s -> upTo.computeIfAbsent(s, any -> dice.nextInt(file.later.size() + 1)));
        }
      }
      return upTo;
    }

    private static Stream<Integer> sectors(Step.Written written) {
      int first = (int) (written.position() / SECTOR);
      int last = (int) ((written.position() + written.bytes().length - 1) / SECTOR);
      return IntStream.rangeClosed(first, last).boxed();
    }
  }
}
