package oca.protocol.flight;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The recordings kept of one process, named by time and cause such as {@code
 * 20261123T074013Z-first-byte.jfr}, and beside them, in {@code ring}, what Java's recorder writes
 * while it records: a folder for each process, {@code 2026_11_23_07_40_13_4711}, which it deletes
 * when it ends in good order.
 *
 * <p>One thread at a time, except {@link #list}.
 */
public final class FlightFolder {
  private static final Pattern NAME =
      Pattern.compile("(\\d{8}T\\d{6}Z)-([a-z]+(?:-[a-z]+)*)(?:-(\\d+))?\\.jfr");
  private static final Pattern REPOSITORY = Pattern.compile("[0-9_]+_(\\d+)");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);
  private static final String PART = ".part";

  private final Path folder;
  private final int files;
  private final long total;

  /**
   * Knows where.
   *
   * @param files so many are kept
   * @param total and so many bytes
   */
  FlightFolder(Path folder, int files, long total) {
    this.folder = folder.toAbsolutePath();
    this.files = files;
    this.total = total;
  }

  /** What is kept in a folder, the newest first; nothing when there is no such folder. */
  public static List<Flight> list(Path folder) throws IOException {
    List<Flight> found = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.jfr")) {
      for (Path file : all) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches() && !at(name).equals(Instant.MIN)) {
          found.add(
              new Flight(name.group(), file.toString(), at(name), name.group(2), Files.size(file)));
        }
      }
    }
    found.sort(Comparator.comparing(Flight::at).thenComparing(Flight::name).reversed());
    return found;
  }

  /** {@link Instant#MIN} when it is no time. */
  private static Instant at(Matcher name) {
    try {
      return LocalDateTime.parse(name.group(1), TIME).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return Instant.MIN;
    }
  }

  Path folder() {
    return folder;
  }

  List<Flight> list() throws IOException {
    return list(folder);
  }

  /** Where Java's recorder may write. */
  Path ring() {
    return folder.resolve("ring");
  }

  /** Makes the folders and takes away what was half written. */
  void prepare() throws IOException {
    Files.createDirectories(ring());
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + PART)) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    }
  }

  /** Something that writes a recording into a file that is not there yet. */
  interface Writing {
    void to(Path file) throws IOException;
  }

  /**
   * Keeps a recording: as a whole, or not at all.
   *
   * @param most bytes that it may have, for which room is made
   * @param deleted told of each that went
   */
  Flight keep(Instant at, Cause cause, long most, Writing writing, Runnable deleted)
      throws IOException {
    makeRoom(most, deleted);
    Path file = free(TIME.format(at.atOffset(ZoneOffset.UTC)) + "-" + cause.label());
    Path part = folder.resolve(file.getFileName() + PART);
    try {
      writing.to(part);
      Files.move(part, file);
    } finally {
      Files.deleteIfExists(part);
    }
    return new Flight(
        file.getFileName().toString(), file.toString(), at, cause.label(), Files.size(file));
  }

  private Path free(String stem) {
    Path file = folder.resolve(stem + ".jfr");
    for (int i = 2; Files.exists(file); i++) {
      file = folder.resolve(stem + "-" + i + ".jfr");
    }
    return file;
  }

  private void makeRoom(long need, Runnable deleted) throws IOException {
    List<Flight> kept = new ArrayList<>(list());
    long bytes = kept.stream().mapToLong(Flight::bytes).sum();
    while (!kept.isEmpty() && (kept.size() >= files || bytes + need > total)) {
      Flight oldest = kept.removeLast();
      Files.deleteIfExists(Path.of(oldest.path()));
      deleted.run();
      bytes -= oldest.bytes();
    }
  }

  /**
   * What processes that ended without closing had recorded: files that put together are one
   * recording, in the order of time. The folders of processes that live are not touched.
   */
  Optional<Leftover> leftover(LongPredicate isAlive) throws IOException {
    List<Path> chunks = new ArrayList<>();
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(ring())) {
      for (Path repository : all) {
        Matcher name = REPOSITORY.matcher(repository.getFileName().toString());
        if (name.matches() && !isAlive.test(Long.parseLong(name.group(1)))) {
          folders.add(repository);
          chunks.addAll(files(repository));
        }
      }
    }
    chunks.sort(Comparator.comparing(it -> it.getFileName().toString()));
    return folders.isEmpty() ? Optional.empty() : Optional.of(new Leftover(chunks, folders));
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(found::add);
    }
    return found;
  }

  /** Parts of a recording that nobody ended. */
  record Leftover(List<Path> chunks, List<Path> folders) {
    /** All of them as one; of chunks that were being written, what was written. */
    void write(Path file) throws IOException {
      try (OutputStream out = Files.newOutputStream(file)) {
        for (Path chunk : chunks) {
          if (chunk.toString().endsWith(".jfr")) {
            Files.copy(chunk, out);
          }
        }
      }
    }

    long bytes() throws IOException {
      long bytes = 0;
      for (Path chunk : chunks) {
        bytes += Files.size(chunk);
      }
      return bytes;
    }

    void delete() throws IOException {
      for (Path folder : folders) {
        for (Path file : files(folder)) {
          Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
      }
    }
  }
}
