package oca.store.simulate;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A trace as numbers: objects counted from 0 in the order of their first request, four bytes for
 * each request in a temporary file that vanishes when this is closed.
 *
 * <p>Once made it may be read on several threads.
 */
public final class Recording implements Closeable {
  private static final int BLOCK = 1 << 16;

  private final FileChannel file;
  private final Path folder;
  private long requests;
  private long bytes;
  private long footprint;
  private long resized;
  private int objects;
  private long[] sizes = new long[1 << 10];

  // Only while recording: names by object, and an open-addressing table of objects plus one.
  private long[] names = new long[2 << 10];
  private int[] table = new int[1 << 12];

  /** Takes blocks of requests in their order. */
  @FunctionalInterface
  interface Blocks {
    /**
     * Some requests.
     *
     * @param first the number of the first, from 0
     * @param objects what is asked for; overwritten after the call
     * @param count how many of them count
     */
    void block(long first, int[] objects, int count) throws IOException;
  }

  private Recording(Path folder) throws IOException {
    this.folder = folder;
    file = temporary(folder);
  }

  /**
   * Records a trace.
   *
   * @param folder where the temporary files go: 4 bytes for each request, 12 with Belady's
   */
  public static Recording of(Trace trace, Path folder) throws IOException {
    Recording recording = new Recording(folder);
    try {
      recording.record(trace);
      return recording;
    } catch (Throwable e) {
      recording.close();
      throw e;
    }
  }

  /** A file that nobody else sees, gone when closed or when the process ends. */
  static FileChannel temporary(Path folder) throws IOException {
    Path path = Files.createTempFile(folder, "oca-simulate", ".tmp");
    return FileChannel.open(
        path,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  private void record(Trace trace) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK * Integer.BYTES);
    trace.tell(
        (seconds, high, low, size) -> {
          if (!buffer.hasRemaining()) {
            drain(buffer);
          }
          int object = object(high, low, size);
          buffer.putInt(object);
          requests++;
          bytes = Math.addExact(bytes, sizes[object]);
        });
    drain(buffer);
    names = new long[0];
    table = new int[0];
  }

  private void drain(ByteBuffer buffer) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    buffer.clear();
  }

  private int object(long high, long low, long size) {
    int slot = slot(low);
    for (; table[slot] != 0; slot = slot + 1 & table.length - 1) {
      int object = table[slot] - 1;
      if (names[2 * object] == high && names[2 * object + 1] == low) {
        resized += sizes[object] == size ? 0 : 1;
        return object;
      }
    }
    if (objects == sizes.length) {
      sizes = Arrays.copyOf(sizes, Math.toIntExact(objects * 3L / 2));
      names = Arrays.copyOf(names, Math.toIntExact(objects * 3L));
    }
    names[2 * objects] = high;
    names[2 * objects + 1] = low;
    sizes[objects] = size;
    table[slot] = ++objects;
    footprint = Math.addExact(footprint, size);
    if (objects > table.length / 4 * 3) {
      rehash();
    }
    return objects - 1;
  }

  private void rehash() {
    table = new int[Math.multiplyExact(table.length, 2)];
    for (int object = 0; object < objects; object++) {
      int slot = slot(names[2 * object + 1]);
      while (table[slot] != 0) {
        slot = slot + 1 & table.length - 1;
      }
      table[slot] = object + 1;
    }
  }

  private int slot(long low) {
    return (int) ((low * 0x9E3779B97F4A7C15L) >>> 32) & table.length - 1;
  }

  /** Tells all requests, in blocks. */
  void forward(Blocks blocks) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK * Integer.BYTES);
    int[] objectsOfBlock = new int[BLOCK];
    for (long first = 0; first < requests; first += BLOCK) {
      blocks.block(first, objectsOfBlock, read(buffer, first, objectsOfBlock));
    }
  }

  /** Tells all requests, the last block first; within a block they are in their order. */
  void backward(Blocks blocks) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK * Integer.BYTES);
    int[] objectsOfBlock = new int[BLOCK];
    for (long first = (requests - 1) / BLOCK * BLOCK; first >= 0; first -= BLOCK) {
      blocks.block(first, objectsOfBlock, read(buffer, first, objectsOfBlock));
    }
  }

  private int read(ByteBuffer buffer, long first, int[] into) throws IOException {
    int count = (int) Math.min(BLOCK, requests - first);
    buffer.clear().limit(count * Integer.BYTES);
    readFully(file, buffer, first * Integer.BYTES);
    IntBuffer ints = buffer.flip().asIntBuffer();
    ints.get(into, 0, count);
    return count;
  }

  static void readFully(FileChannel file, ByteBuffer buffer, long at) throws IOException {
    long position = at;
    while (buffer.hasRemaining()) {
      int read = file.read(buffer, position);
      if (read < 0) {
        throw new EOFException("a temporary file was cut short by somebody else");
      }
      position += read;
    }
  }

  /** Where temporary files go. */
  Path folder() {
    return folder;
  }

  /** How many requests there are. */
  public long requests() {
    return requests;
  }

  /** Bytes asked for, over all requests. */
  public long bytes() {
    return bytes;
  }

  /** How many different objects were asked for. */
  public int objects() {
    return objects;
  }

  /** Bytes of all objects together. */
  public long footprint() {
    return footprint;
  }

  /** Requests that named another size than the first one for their object, which is what counts. */
  public long resized() {
    return resized;
  }

  /** Bytes of an object. */
  long size(int object) {
    return sizes[object];
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
