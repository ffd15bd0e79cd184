package oca.demo;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import oca.origin.Publisher;
import oca.protocol.Catalog;
import oca.protocol.Wire;
import oca.protocol.WireException;

/**
 * The published folder of the demo: the real titles, and a few hundred generated ones, several
 * times what the appliances hold together, so that placement has to choose.
 */
public final class Library {
  /** Generated titles. */
  static final int GENERATED = 360;

  private static final int SMALLEST = 512 << 10;
  private static final int LARGEST = 2 << 20;
  private static final long SPARE = 256L << 20;

  /** A real title, as listed in {@code titles.json} beside the media. */
  record RealTitle(String id, String name, String description, int durationSeconds) {}

  private final Path root;
  private final List<RealTitle> real;
  private final Catalog catalog;

  private Library(Path root, List<RealTitle> real, Catalog catalog) {
    this.root = root;
    this.real = real;
    this.catalog = catalog;
  }

  /**
   * Writes the folder.
   *
   * @param media the folder with the real titles and their {@code titles.json}
   * @param root the folder to write, empty
   * @throws IOException when the media are damaged or the disk is too full; the message says which
   */
  static Library write(Path media, Path root, long seed) throws IOException {
    List<RealTitle> real = realTitles(media);
    requireSpace(root);
    Files.createDirectories(root.resolve("titles"));
    for (RealTitle title : real) {
      copyTitle(media.resolve(title.id()), root.resolve("titles").resolve(title.id()));
    }
    Random random = new Random(seed);
    for (int i = 1; i <= GENERATED; i++) {
      Path folder = root.resolve("library").resolve(generatedTitle(i));
      Files.createDirectories(folder);
      byte[] bytes = new byte[SMALLEST + random.nextInt(LARGEST - SMALLEST)];
      new Random(seed + i).nextBytes(bytes);
      Files.write(folder.resolve("feature.bin"), bytes);
    }
    return new Library(root, real, Publisher.publish(root, Publisher.BLOCK_SIZE));
  }

  /** Most popular first: the real titles stand among the popular ones. */
  public List<String> titlesByRank() {
    List<String> ranked = new ArrayList<>();
    for (int i = 1; i <= GENERATED; i++) {
      ranked.add(generatedTitle(i));
    }
    for (int i = 0; i < real.size(); i++) {
      ranked.add(i * 4, real.get(i).id());
    }
    return ranked;
  }

  /** The published folder. */
  public Path root() {
    return root;
  }

  List<RealTitle> realTitles() {
    return real;
  }

  /** What it publishes. */
  public Catalog catalog() {
    return catalog;
  }

  private static String generatedTitle(int number) {
    return String.format(Locale.ROOT, "feature-%03d", number);
  }

  private static List<RealTitle> realTitles(Path media) throws IOException {
    Path list = media.resolve("titles.json");
    try {
      return List.of(Wire.read(Files.readAllBytes(list), RealTitle[].class));
    } catch (WireException e) {
      throw new IOException(
          "the demo's list of titles "
              + list
              + " is damaged ("
              + e.getMessage()
              + "); restore it with: git checkout -- packaging/demo/media",
          e);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new IOException(
          "the demo's media are missing ("
              + list
              + "); install the package oca-demo, or in a checkout: git checkout --"
              + " packaging/demo/media",
          e);
    }
  }

  private static void requireSpace(Path root) throws IOException {
    Files.createDirectories(root);
    long needed = (long) GENERATED * (SMALLEST + LARGEST) / 2 + SPARE;
    FileStore disk = Files.getFileStore(root);
    if (disk.getUsableSpace() < needed) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "the demo needs %d MiB on the disk of %s and finds %d MiB; free some or name another"
                  + " folder with --work",
              needed >> 20,
              root,
              disk.getUsableSpace() >> 20));
    }
  }

  private static void copyTitle(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      throw new IOException(
          "the demo's title "
              + from
              + " is missing; restore it with: git checkout -- packaging/demo/media");
    }
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
      }
    }
  }
}
