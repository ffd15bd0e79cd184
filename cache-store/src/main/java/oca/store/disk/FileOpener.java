package oca.store.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * How files are opened: the one door to the disk's bytes, so that tests can put faults behind it.
 */
@FunctionalInterface
public interface FileOpener {

  /** The operating system's files. */
  FileOpener PLAIN =
      (path, mode) -> OpenFile.of(new RandomAccessFile(path.toFile(), mode.letters()));

  /** What is to be done with the file. */
  enum Mode {
    /** Read; the file must exist. */
    READ("r"),
    /** Read and write; created when it does not exist. */
    WRITE("rw");

    private final String letters;

    Mode(String letters) {
      this.letters = letters;
    }

    String letters() {
      return letters;
    }
  }

  /**
   * Opens a file.
   *
   * @throws IOException when it cannot be opened
   */
  OpenFile open(Path path, Mode mode) throws IOException;
}
