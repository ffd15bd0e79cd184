package oca.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import oca.store.disk.LocalDisk;
import oca.store.disk.StoreRefusedException;
import oca.store.disk.Volume;
import oca.store.disk.VolumeIdentity;

/**
 * Which volumes make up this store, as remembered in the index folder: the id of their set, and
 * which of them were mounted disks. It keeps a disk of another store, or an empty mount point, from
 * being taken for one of ours.
 *
 * <p>Lost with the index folder, it is made again from what the volumes say of themselves, if they
 * agree. It is text: {@code set UUID}, {@code format 1}, and {@code mounted FOLDER} for each. A
 * version that reads only older formats skips lines that it does not know, so the format rises only
 * when skipping them would be wrong.
 *
 * @param set the id that all volumes carry
 * @param mounted folders at which a file system of its own began
 */
record Roster(UUID set, Set<Path> mounted) {
  private static final String NAME = "volumes";
  private static final String FORMAT_WORD = "format ";

  /** Without the line it is 1. */
  private static final int FORMAT = 1;

  /** What the folder remembers; empty when it does not. */
  static Optional<Roster> read(Path indexFolder) throws IOException {
    Path file = indexFolder.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      int format = format(lines);
      if (format > FORMAT) {
        throw StoreRefusedException.newer(
            file, format, FORMAT, "delete it, and the volumes are asked who they are");
      }
      UUID set = UUID.fromString(lines.getFirst().substring("set ".length()));
      Set<Path> mounted =
          lines.stream()
              .filter(line -> line.startsWith("mounted "))
              .map(line -> Path.of(line.substring("mounted ".length())))
              .collect(Collectors.toSet());
      return Optional.of(new Roster(set, mounted));
    } catch (RuntimeException e) {
      throw new StoreRefusedException(
          file + " cannot be understood: delete it, and the volumes are asked who they are");
    }
  }

  private static int format(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(FORMAT_WORD))
        .map(line -> Integer.parseInt(line.substring(FORMAT_WORD.length())))
        .findFirst()
        .orElse(1);
  }

  /**
   * The one of this start.
   *
   * @param remembered by the index folder
   * @param found what those volumes that are not new say of themselves
   * @throws StoreRefusedException when nothing is remembered and they do not agree
   */
  static Roster of(Optional<Roster> remembered, List<VolumeIdentity> found)
      throws StoreRefusedException {
    if (remembered.isPresent()) {
      return remembered.get();
    }
    Set<UUID> sets = found.stream().map(VolumeIdentity::set).collect(Collectors.toSet());
    if (sets.size() > 1) {
      throw new StoreRefusedException(
          "the volumes belong to different stores (%s): take out those that are not of this one"
              .formatted(
                  sets.stream().map(UUID::toString).sorted().collect(Collectors.joining(", "))));
    }
    return new Roster(sets.isEmpty() ? UUID.randomUUID() : sets.iterator().next(), Set.of());
  }

  /** With what these volumes are now; those out of service stay as remembered. */
  Roster with(List<Volume> volumes) {
    Set<Path> now = new HashSet<>(mounted);
    for (Volume volume : volumes) {
      if (volume.inService() && volume.mounted()) {
        now.add(volume.folder().toAbsolutePath());
      } else if (volume.inService()) {
        now.remove(volume.folder().toAbsolutePath());
      }
    }
    return new Roster(set, Set.copyOf(now));
  }

  boolean expectsMount(Path folder) {
    return mounted.contains(folder.toAbsolutePath());
  }

  void write(Path indexFolder) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("set " + set);
    lines.add(FORMAT_WORD + FORMAT);
    mounted.stream().map(path -> "mounted " + path).sorted().forEach(lines::add);
    VolumeIdentity.writeText(new LocalDisk(), indexFolder, NAME, String.join("\n", lines) + "\n");
  }
}
