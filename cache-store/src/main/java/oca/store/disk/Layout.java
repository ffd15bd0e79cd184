package oca.store.disk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where what lies below a volume's folder; drawn in {@link Volume}. Knows nothing of a volume's
 * state, so that folders which nobody has opened can be looked through as well.
 *
 * @param folder of the volume
 */
public record Layout(Path folder) {
  private static final HexFormat HEX = HexFormat.of();
  private static final int ID_DIGITS = 32;

  /** Takes one path after the other. */
  @FunctionalInterface
  public interface Visitor {
    /** A path; what is thrown ends the walk. */
    void visit(Path path) throws IOException;
  }

  /**
   * Takes one path after the other.
   *
   * @see #walkContent
   */
  @FunctionalInterface
  public interface Walker {
    /**
     * What lies where whole files do.
     *
     * @param done the share of the walk that lies behind, from 0 to below 1
     * @return false to end the walk
     */
    boolean visit(Path path, double done) throws IOException;
  }

  /** A content id, as two halves. */
  public record Id(long high, long low) {}

  /** Where whole files lie. */
  public Path content() {
    return folder.resolve("content");
  }

  /** Where files are filled. */
  public Path partial() {
    return folder.resolve("partial");
  }

  /** Where what did not belong lies. */
  public Path quarantine() {
    return folder.resolve("quarantine");
  }

  /** The folder that a content id falls into: by a hash, so that ids in sequence spread too. */
  public Path contentFolder(long high, long low) {
    long mixed = (high * 0x9e3779b97f4a7c15L + low) * 0xbf58476d1ce4e5b9L;
    return content().resolve(HEX.toHexDigits((byte) (mixed >>> 56)));
  }

  /** Where the whole file of a content lies. */
  public Path contentPath(long high, long low) {
    return contentFolder(high, low).resolve(name(high, low) + ".oca");
  }

  /** Where a content is filled. */
  public Path partialPath(long high, long low) {
    return partial().resolve(name(high, low) + ".part");
  }

  /** The content id in the name of a whole file; null when it is no such name. */
  public static @Nullable Id idOf(Path path) {
    String name = path.getFileName().toString();
    if (!name.matches("[0-9a-f]{32}\\.oca")) {
      return null;
    }
    return new Id(
        Long.parseUnsignedLong(name, 0, ID_DIGITS / 2, 16),
        Long.parseUnsignedLong(name, ID_DIGITS / 2, ID_DIGITS, 16));
  }

  /** A path below {@link #content} as text by which walks are gone on with. */
  public String place(Path path) {
    return content().relativize(path).toString();
  }

  /** Shows all that lies where whole files do, one folder at a time. */
  public void visitContent(Disk disk, Visitor visitor) throws IOException {
    walkContent(
        disk,
        "",
        (path, done) -> {
          visitor.visit(path);
          return true;
        });
  }

  /**
   * Shows all that lies where whole files do, by folder and name. What comes or goes meanwhile may
   * be shown or not. A folder that cannot be read hides none of the others: they are shown first.
   *
   * @param after only what comes behind this {@link #place}; empty for all
   */
  public void walkContent(Disk disk, String after, Walker walker) throws IOException {
    int slash = after.indexOf('/');
    String afterFolder = slash < 0 ? after : after.substring(0, slash);
    String afterFile = slash < 0 ? "" : after.substring(slash + 1);
    List<Path> folders = sorted(disk, content());
    @Nullable IOException failure = null;
    for (int at = 0; at < folders.size(); at++) {
      Path path = folders.get(at);
      int order = path.getFileName().toString().compareTo(afterFolder);
      if (order < 0 || (order == 0 && slash < 0)) {
        continue;
      }
      List<Path> files;
      try {
        files = isFan(disk, path) ? sorted(disk, path) : List.of(path);
      } catch (IOException e) {
        failure = e;
        continue;
      }
      for (int file = 0; file < files.size(); file++) {
        Path found = files.get(file);
        if (order == 0 && found.getFileName().toString().compareTo(afterFile) <= 0) {
          continue;
        }
        double done = (at + (double) file / files.size()) / folders.size();
        if (!walker.visit(found, done)) {
          return;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static List<Path> sorted(Disk disk, Path folder) throws IOException {
    try {
      return disk.list(folder).stream()
          .sorted(Comparator.comparing((Path path) -> path.getFileName().toString()))
          .toList();
    } catch (NoSuchFileException e) {
      // Gone since it was listed.
      return List.of();
    }
  }

  private static boolean isFan(Disk disk, Path path) throws IOException {
    return path.getFileName().toString().matches("[0-9a-f]{2}")
        && disk.kind(path) == Disk.Kind.FOLDER;
  }

  private static String name(long high, long low) {
    return HEX.toHexDigits(high) + HEX.toHexDigits(low);
  }
}
