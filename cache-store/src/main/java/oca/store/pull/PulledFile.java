package oca.store.pull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import oca.store.disk.BlockChecksums;
import oca.store.disk.ContentFile;
import oca.store.disk.Disk;
import oca.store.disk.OpenFile;
import org.jspecify.annotations.Nullable;

/**
 * An object's file: made, written slice by slice and ended by one thread at a time, its object's
 * disk thread as a rule. A byte is told to be readable when it is in the file, and is never written
 * again from then on.
 */
final class PulledFile {
  private static final int PAGE = 4096;
  private static final int READ_BYTES = 64 << 10;

  private final Disk disk;
  private final Path path;
  private final long id;
  private final int sliceBytes;
  private final Slices slices;

  // Running checksums of the slices that are coming in.
  private final Map<Integer, BlockChecksums> coming = new HashMap<>();
  private volatile @Nullable OpenFile open;
  // Or is to stay.
  private boolean unlinked;

  /** Makes room before bytes are written. */
  interface Room {
    /**
     * Takes room for an object.
     *
     * @param bytes more than 0, in whole pages
     * @throws PullRefusedException when there is none
     */
    void take(long bytes) throws PullRefusedException;
  }

  PulledFile(Disk disk, Path path, long id, int sliceBytes, Slices slices) {
    this.disk = disk;
    this.path = path;
    this.id = id;
    this.sliceBytes = sliceBytes;
    this.slices = slices;
  }

  Path path() {
    return path;
  }

  /** The open file, once it was made. */
  OpenFile open() {
    @Nullable OpenFile now = open;
    if (now == null) {
      throw new IllegalStateException("no byte of the object is readable yet");
    }
    return now;
  }

  /** Makes the file, or opens the one that a stop has left. */
  void make() throws IOException {
    open = disk.open(path, Disk.Mode.WRITE);
  }

  /**
   * Writes what is not here yet of some bytes, and tells of it.
   *
   * @param length of the object, or {@link PulledObject#UNKNOWN}
   * @throws PullRefusedException when they would leave a gap in a slice, lie behind the end, or
   *     there is no room; what lay before that is written
   * @return how many bytes were written
   */
  long write(long offset, ByteBuffer bytes, long length, Room room, Tally tally)
      throws IOException {
    int end = bytes.limit();
    long position = offset;
    long written = 0;
    while (bytes.position() < end) {
      int slice = (int) (position / sliceBytes);
      int inSlice = (int) (position % sliceBytes);
      int part = Math.min(end - bytes.position(), sliceBytes - inSlice);
      int front = slices.front(slice);
      if (inSlice > front) {
        throw tally.refuse(PullRefusal.GAP);
      }
      if (length != PulledObject.UNKNOWN && position + part > length) {
        throw tally.refuse(PullRefusal.BEYOND_END);
      }
      int next = bytes.position() + part;
      if (inSlice + part > front) {
        bytes.position(bytes.position() + front - inSlice).limit(next);
        written += bytes.remaining();
        append(slice, front, bytes, length, room);
      }
      bytes.limit(end).position(next);
      position += part;
    }
    return written;
  }

  private void append(int slice, int front, ByteBuffer bytes, long length, Room room)
      throws IOException {
    int to = front + bytes.remaining();
    long pages = pages(to) - pages(front);
    if (pages > 0) {
      room.take(pages);
    }
    BlockChecksums sum = coming.get(slice);
    if (sum == null) {
      sum = new BlockChecksums(id, 0);
      sum.begin(slice);
      coming.put(slice, sum);
    }
    sum.update(bytes.duplicate());
    ContentFile.writeFully(open().channel(), bytes, (long) slice * sliceBytes + front);
    advance(slice, to, sum, length);
  }

  private void advance(int slice, int to, BlockChecksums sum, long length) {
    boolean whole = to == sliceLength(slice, length);
    if (whole) {
      coming.remove(slice);
    }
    slices.advance(slice, to, whole ? sum.value() : BlockChecksums.UNWRITTEN);
  }

  /**
   * The length has become known: the last slice may be whole by that.
   *
   * @throws IOException when more than that came in
   */
  void finish(long length) throws IOException {
    if (slices.end() > length) {
      throw new IOException("%d bytes came in of an object of %d".formatted(slices.end(), length));
    }
    int last = (int) ((length - 1) / sliceBytes);
    BlockChecksums sum = length == 0 ? null : coming.get(last);
    if (sum != null) {
      advance(last, slices.front(last), sum, length);
    }
  }

  /** How long a slice is that is whole. */
  int sliceLength(int slice, long length) {
    long start = (long) slice * sliceBytes;
    return length == PulledObject.UNKNOWN
        ? sliceBytes
        : (int) Math.min(sliceBytes, Math.max(0, length - start));
  }

  /**
   * Reads a slice and compares it with its checksum. Blocks; the caller holds a lease.
   *
   * @return whether it is whole and what was written
   */
  boolean verify(int slice, long length) throws IOException {
    return verify(slice, length, ByteBuffer.allocate(READ_BYTES));
  }

  /** The same, reading by a buffer of the caller's. */
  boolean verify(int slice, long length, ByteBuffer bytes) throws IOException {
    int expected = slices.checksum(slice);
    if (expected == BlockChecksums.UNWRITTEN) {
      return false;
    }
    BlockChecksums sum = new BlockChecksums(id, 0);
    sum.begin(slice);
    int sliceLength = sliceLength(slice, length);
    for (int done = 0; done < sliceLength; ) {
      bytes.clear().limit(Math.min(bytes.capacity(), sliceLength - done));
      int read = open().channel().read(bytes, (long) slice * sliceBytes + done);
      if (read < 0) {
        return false;
      }
      sum.update(bytes.flip());
      done += read;
    }
    return sum.value() == expected;
  }

  /** Has a slice read from the disk the next time, as far as nobody uses what is in memory. */
  void leaveMemory(int slice) {
    disk.leaveMemory(open(), (long) slice * sliceBytes, sliceBytes);
  }

  /** Takes the name off the disk; the bytes stay while the file is open. */
  void unlink() throws IOException {
    if (!unlinked) {
      disk.delete(path);
      unlinked = true;
    }
  }

  /** It stays on the disk for the next start, whatever ends here. */
  void keep() {
    unlinked = true;
  }

  /** Lets go of the descriptor. */
  void close() throws IOException {
    @Nullable OpenFile now = open;
    open = null;
    if (now != null) {
      now.close();
    }
  }

  /** What so many bytes of a slice take, in bytes of whole pages. */
  private static long pages(long bytes) {
    return (bytes + PAGE - 1) / PAGE * PAGE;
  }
}
