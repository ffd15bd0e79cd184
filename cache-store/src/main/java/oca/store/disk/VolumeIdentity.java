package oca.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who a volume is: its own id, which every file on it carries, and the id of the set of volumes
 * that make up one store. Lies in the volume as a small text file.
 *
 * @param storeId of this volume
 * @param set of the store it belongs to
 */
public record VolumeIdentity(UUID storeId, UUID set) {
  static final String NAME = "oca-store";
  private static final String TEMP = "oca-store.new";

  /**
   * The two rise together: a volume with files that a version does not read is refused by what the
   * volume says of itself, before any of its files is looked at.
   */
  static final int FORMAT = ContentFile.VERSION;

  private static final int MAX_BYTES = 4096;
  private static final Set<String> HARMLESS = Set.of("lost+found", FolderLock.NAME, TEMP);

  /**
   * Reads it.
   *
   * @return empty when the folder is empty or not there, so that it may become a volume
   * @throws StoreRefusedException when the folder holds something else, or a newer format
   */
  public static Optional<VolumeIdentity> read(Disk disk, Path folder) throws IOException {
    if (disk.kind(folder) == Disk.Kind.MISSING) {
      return Optional.empty();
    }
    if (disk.kind(folder.resolve(NAME)) == Disk.Kind.MISSING) {
      refuseForeign(disk, folder);
      return Optional.empty();
    }
    return Optional.of(parse(folder, readText(disk, folder.resolve(NAME))));
  }

  /** Makes a folder a volume of this set, with a new id; durable on return. */
  static VolumeIdentity found(Disk disk, Path folder, UUID set) throws IOException {
    VolumeIdentity identity = new VolumeIdentity(UUID.randomUUID(), set);
    writeText(
        disk,
        folder,
        NAME,
        "format %d\nid %s\nset %s\n".formatted(FORMAT, identity.storeId, identity.set));
    return identity;
  }

  private static VolumeIdentity parse(Path folder, String text) throws StoreRefusedException {
    List<String> lines = text.lines().toList();
    try {
      int format = Integer.parseInt(lines.get(0).substring("format ".length()));
      if (format > FORMAT) {
        throw StoreRefusedException.newer(
            folder.resolve(NAME), format, FORMAT, "empty the folder, it is refilled");
      }
      if (format < FORMAT) {
        throw new StoreRefusedException(
            "%s has format %d, which this version does not read: empty the folder, it is refilled"
                .formatted(folder, format));
      }
      return new VolumeIdentity(
          UUID.fromString(lines.get(1).substring("id ".length())),
          UUID.fromString(lines.get(2).substring("set ".length())));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new StoreRefusedException(
          "%s cannot be understood: restore the file, or empty the folder"
              .formatted(folder.resolve(NAME)));
    }
  }

  private static void refuseForeign(Disk disk, Path folder) throws IOException {
    if (disk.kind(folder) != Disk.Kind.FOLDER) {
      throw new StoreRefusedException(folder + " is not a folder: name an empty folder");
    }
    List<String> foreign =
        disk.list(folder).stream()
            .map(path -> path.getFileName().toString())
            .filter(name -> !HARMLESS.contains(name))
            .sorted()
            .limit(3)
            .toList();
    if (!foreign.isEmpty()) {
      throw new StoreRefusedException(
          "%s is not a store and not empty (it holds %s): name an empty folder"
              .formatted(folder, String.join(", ", foreign)));
    }
  }

  /** Reads a small text file; what is longer than a page is cut off. */
  public static String readText(Disk disk, Path file) throws IOException {
    try (OpenFile open = disk.open(file, Disk.Mode.READ)) {
      ByteBuffer bytes =
          ByteBuffer.allocate((int) Math.min(MAX_BYTES, Math.max(0, open.channel().size())));
      ContentFile.readFully(open.channel(), bytes, 0);
      return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
  }

  /** Writes a small text file in place of the one that may be there, in one step and durably. */
  public static void writeText(Disk disk, Path folder, String name, String text)
      throws IOException {
    Path temp = folder.resolve(name + ".new");
    disk.delete(temp);
    try (OpenFile open = disk.open(temp, Disk.Mode.WRITE)) {
      ContentFile.writeFully(open.channel(), StandardCharsets.UTF_8.encode(text), 0);
      open.channel().force(true);
    }
    disk.rename(temp, folder.resolve(name));
    disk.syncFolder(folder);
  }
}
