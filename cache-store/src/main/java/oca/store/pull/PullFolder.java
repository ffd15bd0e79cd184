package oca.store.pull;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.store.disk.Disk;
import oca.store.disk.FolderLock;
import oca.store.disk.StoreRefusedException;
import oca.store.disk.VolumeIdentity;

/**
 * Where things lie.
 *
 * <pre>
 *   folder/
 *     lock                         kept to one process
 *     oca-pull                     "format 1": what the folder is, so that no other is ever emptied
 *     index                        after a clean stop only: {@link PullIndex}
 *     objects/3f/000000000000013f  an object's bytes, by its id in hexadecimal digits, in a folder
 *                                  by the last two
 * </pre>
 *
 * Blocks on the disk.
 */
final class PullFolder {
  private static final String MARK = "oca-pull";
  private static final int FORMAT = 1;
  private static final Pattern WRITTEN = Pattern.compile("format (\\d{1,9})\n");
  private static final int FOLDERS = 256;
  private static final Pattern FILE = Pattern.compile("[0-9a-f]{16}");
  private static final Set<String> HARMLESS =
      Set.of("lost+found", FolderLock.NAME, MARK, MARK + ".new");

  private final Disk disk;
  private final Path folder;
  private final Path objects;

  private PullFolder(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
    this.objects = folder.resolve("objects");
  }

  /**
   * A folder that is ours, or new.
   *
   * @throws StoreRefusedException when it is something else's, or of another version; nothing was
   *     changed then
   */
  static PullFolder of(Disk disk, Path folder) throws IOException {
    disk.makeFolder(folder);
    Path mark = folder.resolve(MARK);
    if (disk.kind(mark) == Disk.Kind.MISSING) {
      refuseForeign(disk, folder);
    } else {
      requireKnown(mark, VolumeIdentity.readText(disk, mark));
    }
    return new PullFolder(disk, folder);
  }

  private static void requireKnown(Path mark, String text) throws StoreRefusedException {
    String remedy = "empty the folder, what it held is pulled anew";
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      throw new StoreRefusedException("%s cannot be understood: %s".formatted(mark, remedy));
    }
    int format = Integer.parseInt(written.group(1));
    if (format > FORMAT) {
      throw StoreRefusedException.newer(mark, format, FORMAT, remedy);
    }
    if (format < FORMAT) {
      throw new StoreRefusedException(
          "%s has format %d, which this version does not read: %s".formatted(mark, format, remedy));
    }
  }

  private static void refuseForeign(Disk disk, Path folder) throws IOException {
    List<String> foreign =
        disk.list(folder).stream()
            .map(path -> path.getFileName().toString())
            .filter(name -> !HARMLESS.contains(name))
            .sorted()
            .limit(3)
            .toList();
    if (!foreign.isEmpty()) {
      throw new StoreRefusedException(
          "%s is not a folder of pulled objects and not empty (it holds %s): name an empty folder"
              .formatted(folder, String.join(", ", foreign)));
    }
  }

  /**
   * Keeps it to this process.
   *
   * @throws StoreRefusedException when another has it
   */
  Closeable lock() throws IOException {
    return disk.lock(folder);
  }

  /** Makes what is missing; true when the folder was new. */
  boolean furnish() throws IOException {
    Path mark = folder.resolve(MARK);
    boolean fresh = disk.kind(mark) == Disk.Kind.MISSING;
    if (fresh) {
      VolumeIdentity.writeText(disk, folder, MARK, "format " + FORMAT + "\n");
    }
    for (int number = 0; number < FOLDERS; number++) {
      disk.makeFolder(folder(number));
    }
    return fresh;
  }

  Path index() {
    return folder.resolve("index");
  }

  Path file(long id) {
    return folder((int) (id & FOLDERS - 1)).resolve("%016x".formatted(id));
  }

  private Path folder(int number) {
    return objects.resolve("%02x".formatted(number));
  }

  /** Deletes the files of all objects but some. Leaves alone what is not an object's file. */
  void sweep(LongPredicate stays) throws IOException {
    for (int number = 0; number < FOLDERS; number++) {
      for (Path file : disk.list(folder(number))) {
        String name = file.getFileName().toString();
        if (FILE.matcher(name).matches() && !stays.test(Long.parseUnsignedLong(name, 16))) {
          disk.delete(file);
        }
      }
    }
  }
}
