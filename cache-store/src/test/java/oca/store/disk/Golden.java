package oca.store.disk;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What this version wrote once and every later one has to read, in {@code resources/golden}.
 *
 * <p>A format that changes on purpose gets a new version and a new file beside the old one, which
 * stays for as long as that version is read.
 */
public final class Golden {
  private Golden() {}

  /** The bytes of that name. */
  public static byte[] bytes(String name) throws IOException {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name)) {
      if (in == null) {
        throw new IOException("no golden file " + name);
      }
      return in.readAllBytes();
    }
  }

  /** Fails unless the bytes are those of that name; leaves them in {@code target/golden} then. */
  public static void assertIs(String name, byte[] written) throws IOException {
    byte[] golden = {};
    try {
      golden = bytes(name);
    } catch (IOException e) {
      System.err.println(e.getMessage());
    }
    if (!Arrays.equals(golden, written)) {
      Path seen = Path.of("target", "golden", name);
      Files.createDirectories(seen.getParent());
      Files.write(seen, written);
      fail(name + " is not what was written, see " + seen + "; is it a new version of the format?");
    }
  }

  /** Copies a folder of golden files. */
  public static void copy(String name, Path target) throws IOException {
    try {
      Path source = Path.of(Golden.class.getResource("/golden/" + name).toURI());
      try (Stream<Path> all = Files.walk(source)) {
        for (Path path : all.toList()) {
          Path to = target.resolve(source.relativize(path).toString());
          if (Files.isDirectory(path)) {
            Files.createDirectories(to);
          } else {
            Files.copy(path, to);
          }
        }
      }
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** All files below a folder with their bytes and times, and all folders: what "untouched" is. */
  public static Map<String, String> tree(Path folder) throws IOException {
    TreeMap<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        String name = folder.relativize(path).toString();
        tree.put(
            name,
            Files.isDirectory(path)
                ? "folder"
                : Arrays.hashCode(Files.readAllBytes(path))
                    + " of "
                    + Files.size(path)
                    + " at "
                    + Files.getLastModifiedTime(path));
      }
    }
    return tree;
  }
}
