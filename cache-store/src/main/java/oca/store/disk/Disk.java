package oca.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The one door to a disk: all that the store asks of a file system passes here or through the
 * channel of an {@link OpenFile}, so that it can be recorded, delayed or made to fail.
 *
 * <p>Everything may block, and everything may fail. Safe on any thread. Names become durable with
 * {@link #syncFolder} and not before; bytes with {@code channel().force}.
 */
public interface Disk {

  /** What is to be done with a file. */
  enum Mode {
    /** Read; the file must exist. */
    READ,
    /** Read once, beside those who are served from it; the file must exist. */
    SCAN,
    /** Read and write; the file must exist. */
    UPDATE,
    /** Read and write; made when it does not exist. */
    WRITE
  }

  /** What stands under a name; links are not followed. */
  enum Kind {
    MISSING,
    FILE,
    FOLDER,
    OTHER
  }

  /**
   * Opens a file. Nothing is read ahead of what is asked for: who reads in order asks for much at
   * once; {@link #inMemory} is not to be answered by the reader's own doing; and bytes that come
   * into memory on the kernel's own account nobody compares with their checksums.
   *
   * @throws java.nio.file.NoSuchFileException when it must exist and does not
   */
  OpenFile open(Path path, Mode mode) throws IOException;

  /**
   * Gives a file its size and takes the room for it, so that later writes within it do not run out
   * of space. Where the file system cannot do that, the file only gets its size.
   *
   * @throws IOException with "No space left on device" when there is not that much room
   */
  void allocate(OpenFile file, long bytes) throws IOException;

  /**
   * Whether any page of a range of an open file is in memory. True also when that cannot be told:
   * what may be of use to somebody is left there.
   */
  boolean inMemory(OpenFile file, long position, long bytes);

  /**
   * Lets a range of an open file leave memory, as far as it is the same on the disk: it was read
   * for once and nobody waits for it. Only advice, which may come to nothing.
   */
  void leaveMemory(OpenFile file, long position, long bytes);

  /** Renames within a file system, in one step, in place of what had that name. */
  void rename(Path from, Path to) throws IOException;

  /**
   * Takes a name away; of folders only empty ones.
   *
   * @return false when there was none
   */
  boolean delete(Path path) throws IOException;

  /** What lies in a folder, in no order. */
  List<Path> list(Path folder) throws IOException;

  /** Makes a folder and those above it, unless they are there. */
  void makeFolder(Path folder) throws IOException;

  /** What stands under a name. */
  Kind kind(Path path) throws IOException;

  /** The length of a file in bytes. */
  long size(Path path) throws IOException;

  /**
   * When a file's bytes were last changed, by the file system's own count, which rises with changes
   * that lie far enough apart; to be compared with what it was before and with nothing else.
   */
  long modified(Path path) throws IOException;

  /** Makes the names in a folder durable. */
  void syncFolder(Path folder) throws IOException;

  /** How many bytes of the file system under a folder may still be written. */
  long usableBytes(Path folder) throws IOException;

  /** Whether another file system begins at this folder. */
  boolean isMountPoint(Path folder) throws IOException;

  /**
   * Keeps a folder to one process, until what is returned is closed or the process ends.
   *
   * @throws StoreRefusedException when another has it
   */
  Closeable lock(Path folder) throws IOException;
}
