package oca.origin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import oca.config.ByteSize;
import oca.model.ContentPath;
import oca.protocol.BlockList;
import oca.protocol.Catalog;
import oca.protocol.CatalogEntry;
import oca.protocol.Wire;
import oca.protocol.WireException;

/**
 * Makes the catalogue of a folder and keeps it in {@value #FILE} in that folder.
 *
 * <p>The folder that directly holds a file names its title, so two folders of one name are refused.
 *
 * <p>Beside each file larger than a block it keeps the list of that file's block digests, such as
 * {@code v0.mp4.1MiB.blocks}: there any web server finds it under its path, and it travels with the
 * title's folder. The size stands in the name because a path never stands for other bytes, also
 * when the block size is changed. Names of that form are the publisher's own: they are written anew
 * when the file beside them has changed, and published with that file only.
 */
public final class Publisher {
  /** The catalogue's name in the published folder; not itself published. */
  public static final String FILE = "catalog.json";

  /** The block size unless another is asked for. */
  public static final ByteSize BLOCK_SIZE = new ByteSize(1 << 20);

  private static final Pattern LIST_NAME =
      Pattern.compile(".*\\.\\d+[KMGT]?i?B\\.blocks(\\.draft)?");
  private static final String OCTETS = "application/octet-stream";
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
   * Reads every file below {@code root}, each once, and writes block lists and catalogue.
   *
   * @param blockSize of the blocks whose digests are listed, as {@link BlockList} allows
   * @throws IOException when a file cannot be read or may not be published; the message names it
   * @throws IllegalArgumentException when the block size is not allowed; the message says what is
   */
  public static Catalog publish(Path root, ByteSize blockSize) throws IOException {
    requireBlockSize(blockSize);
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files =
          walk.filter(Files::isRegularFile)
              .filter(file -> !file.equals(root.resolve(FILE)))
              .filter(file -> !LIST_NAME.matcher(file.toString()).matches())
              .sorted()
              .toList();
    }
    Map<String, Path> folderOfTitle = new HashMap<>();
    List<CatalogEntry> entries = new ArrayList<>();
    for (Path file : files) {
      publish(root, file, title(root, file, folderOfTitle), blockSize, entries);
    }
    MessageDigest version = Digests.digester();
    for (CatalogEntry entry : entries) {
      version.update(
          (entry.path() + " " + entry.sha256() + "\n")
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    Catalog catalog = new Catalog(HexFormat.of().formatHex(version.digest(), 0, 8), entries);
    replace(root.resolve(FILE), Wire.writePretty(catalog));
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

  /**
   * Checks a block size.
   *
   * @throws IllegalArgumentException when it is not allowed; the message says what is
   */
  public static void requireBlockSize(ByteSize blockSize) {
    new BlockList(Math.clamp(blockSize.bytes(), 0, Integer.MAX_VALUE), "any");
  }

  /** Adds the file, and after it the list of its blocks when it has more than one. */
  private static void publish(
      Path root, Path file, String title, ByteSize blockSize, List<CatalogEntry> entries)
      throws IOException {
    String path = path(root, file);
    Instant modified = Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
    int blockBytes = (int) blockSize.bytes();
    Digests digests = Digests.of(file, blockBytes);
    String sha256 = digests.sha256();
    String type = mediaType(path);
    if (digests.list().length == 0) {
      entries.add(new CatalogEntry(path, title, digests.length(), sha256, type, modified));
      return;
    }
    Path listFile = file.resolveSibling(file.getFileName() + "." + blockSize + ".blocks");
    String listPath = path(root, listFile);
    keep(listFile, digests.list());
    BlockList blocks = new BlockList(blockBytes, listPath);
    entries.add(new CatalogEntry(path, title, digests.length(), sha256, type, modified, blocks));
    entries.add(
        new CatalogEntry(
            listPath, title, digests.list().length, digests.sha256OfList(), OCTETS, modified));
  }

  private static String path(Path root, Path file) throws IOException {
    String path = root.relativize(file).toString();
    String fault = ContentPath.fault(path);
    if (fault != null) {
      throw new IOException("cannot publish " + file + ": its path " + fault + "; rename it");
    }
    return path;
  }

  private static String title(Path root, Path file, Map<String, Path> folderOfTitle)
      throws IOException {
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
    return title;
  }

  private static String mediaType(String path) {
    String suffix = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return MEDIA_TYPES.getOrDefault(suffix, OCTETS);
  }

  /** Writes a list unless it is there as it must be; what cannot be a list is left alone. */
  private static void keep(Path listFile, byte[] list) throws IOException {
    if (Files.exists(listFile)) {
      long size = Files.size(listFile);
      if (size % BlockList.DIGEST_BYTES != 0) {
        throw new IOException(
            "cannot write the block list "
                + listFile
                + ": a file of that name is there that is none; rename it");
      }
      if (size == list.length && Arrays.equals(Files.readAllBytes(listFile), list)) {
        return;
      }
    }
    replace(listFile, list);
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    Files.write(draft, bytes);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
