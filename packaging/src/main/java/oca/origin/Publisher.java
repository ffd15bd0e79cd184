package oca.origin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import oca.model.ContentPath;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Wire;
import oca.protocol.WireException;

/**
 * Makes the catalogue of a folder and keeps it in {@value #FILE} in that folder.
 *
 * <p>The folder that directly holds a file names its title, so two folders of one name are refused.
 */
public final class Publisher {
  /** The catalogue's name in the published folder; not itself published. */
  public static final String FILE = "catalog.json";

  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "mp4", "video/mp4",
          "m4s", "video/iso.segment",
          "m4a", "audio/mp4",
          "m3u8", "application/vnd.apple.mpegurl",
          "mpd", "application/dash+xml",
          "vtt", "text/vtt",
          "jpg", "image/jpeg",
          "png", "image/png");

  private Publisher() {}

  /**
   * Reads every file below {@code root} and writes the catalogue.
   *
   * @throws IOException when a file cannot be read or may not be published; the message names it
   */
  public static Catalog publish(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files =
          walk.filter(Files::isRegularFile)
              .filter(file -> !file.equals(root.resolve(FILE)))
              .sorted()
              .toList();
    }
    Map<String, Path> folderOfTitle = new HashMap<>();
    List<CatalogEntry> entries = new ArrayList<>();
    MessageDigest version = sha256();
    for (Path file : files) {
      CatalogEntry entry = entry(root, file, folderOfTitle);
      version.update(
          (entry.path() + " " + entry.sha256() + "\n")
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      entries.add(entry);
    }
    Catalog catalog = new Catalog(HexFormat.of().formatHex(version.digest(), 0, 8), entries);
    Path draft = root.resolve(FILE + ".draft");
    Files.write(draft, Wire.writePretty(catalog));
    Files.move(draft, root.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    return catalog;
  }

  /**
   * Reads the catalogue that {@link #publish} wrote.
   *
   * @throws IOException when there is none or it is damaged; the message names file, place and
   *     remedy
   */
  public static Catalog read(Path root) throws IOException {
    Path file = root.resolve(FILE);
    try {
      return Wire.read(Files.readAllBytes(file), Catalog.class);
    } catch (NoSuchFileException e) {
      throw new IOException(
          "no catalogue at " + file + "; make one with: oca origin --publish " + root, e);
    } catch (WireException e) {
      throw new IOException(
          "the catalogue "
              + file
              + " is damaged ("
              + e.getMessage()
              + "); make it anew with: oca origin --publish "
              + root,
          e);
    }
  }

  private static CatalogEntry entry(Path root, Path file, Map<String, Path> folderOfTitle)
      throws IOException {
    String path = root.relativize(file).toString();
    String fault = ContentPath.fault(path);
    if (fault != null) {
      throw new IOException("cannot publish " + file + ": its path " + fault + "; rename it");
    }
    Path folder = file.getParent();
    if (folder == null || folder.equals(root)) {
      throw new IOException(
          "cannot publish " + file + ": put it into a folder named after its title");
    }
    String title = String.valueOf(folder.getFileName());
    Path other = folderOfTitle.putIfAbsent(title, folder);
    if (other != null && !other.equals(folder)) {
      throw new IOException(
          "two folders name the title " + title + ": " + other + " and " + folder + "; rename one");
    }
    return new CatalogEntry(
        path,
        title,
        Files.size(file),
        digest(file),
        mediaType(path),
        Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS));
  }

  private static String mediaType(String path) {
    String suffix = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return MEDIA_TYPES.getOrDefault(suffix, "application/octet-stream");
  }

  private static String digest(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 18];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }
}
