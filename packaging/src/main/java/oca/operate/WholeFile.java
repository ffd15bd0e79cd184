package oca.operate;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that is written as a whole or not at all: under another name until it is {@link #done},
 * and gone when the command fails or is broken off before.
 */
public final class WholeFile implements AutoCloseable {
  private final Path file;
  private final Path part;
  private final OnBreak onBreak;

  private WholeFile(Path file, Path part) {
    this.file = file;
    this.part = part;
    this.onBreak = new OnBreak(this::drop);
  }

  /**
   * Begins one beside where it is to be.
   *
   * @throws IOException when nothing can be written there; the message names it
   */
  public static WholeFile begin(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path part = absolute.resolveSibling("." + absolute.getFileName() + ".part");
    try {
      Files.write(part, new byte[0]);
      return new WholeFile(absolute, part);
    } catch (AccessDeniedException e) {
      throw new IOException(file + ": nothing may be written there", e);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": there is no such folder", e);
    }
  }

  /** Writes one at once. */
  public static void write(Path file, byte[] content) throws IOException {
    try (WholeFile whole = begin(file)) {
      Files.write(whole.part(), content);
      whole.done();
    }
  }

  /** What to write to. */
  public Path part() {
    return part;
  }

  /** It is whole now; what was there of that name is replaced. */
  public void done() throws IOException {
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    onBreak.close();
    drop();
  }

  private void drop() {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      System.err.println(part + " is left behind: " + e.getMessage());
    }
  }
}
