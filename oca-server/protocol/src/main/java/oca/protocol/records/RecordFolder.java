package oca.protocol.records;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A folder of record files, by name. Each failure names the file. Safe on any thread; an open file
 * belongs to the thread that made it.
 */
interface RecordFolder extends AutoCloseable {
  /** A file and its length. */
  record Entry(String name, long bytes) {}

  /** A file that is being written. */
  interface OpenFile extends AutoCloseable {
    /** Appends all of it, or throws, and then an unknown part of it may have been written. */
    void append(ByteBuffer bytes) throws IOException;

    /** Cuts it back to a length that it had. */
    void cut(long bytes) throws IOException;

    /** Returns when all that was appended is on the disk. */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
  }

  /**
   * Makes it ready for this process alone; further calls do nothing.
   *
   * @throws IOException when it cannot be made, or another process has it
   */
  void open() throws IOException;

  /** All files in it, in no order. */
  List<Entry> list() throws IOException;

  /** Makes a file; fails when there is one of that name. */
  OpenFile create(String name) throws IOException;

  /** Reads a file from its beginning. */
  InputStream read(String name) throws IOException;

  /**
   * Cuts a file behind its last line end; one without a line end becomes empty.
   *
   * @return bytes cut off
   */
  long cutToWholeLines(String name) throws IOException;

  /** Gives a file another name; a file that has it is replaced. */
  void rename(String from, String to) throws IOException;

  /** Deletes a file; nothing happens when there is none. */
  void delete(String name) throws IOException;

  /** Returns when names are on the disk. */
  void sync() throws IOException;

  @Override
  void close() throws IOException;
}
