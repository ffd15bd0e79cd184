package oca.store.pull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import oca.store.disk.BadFileException;
import oca.store.disk.ContentFile;
import oca.store.disk.Disk;
import oca.store.disk.OpenFile;

/**
 * What a clean stop leaves beside the objects' files, to be believed once: the next start deletes
 * it before it changes anything, so that after a crash there is none.
 *
 * <pre>
 *    0  magic "OCAPULL\n"                  8
 *    8  version, 1                         4
 *   12  bytes in a slice                   4
 *   16  id of the machine's boot          16
 *   32  the next object's id               8
 *   40  objects                            4
 *   44  of each object:
 *         id, identity                     8 + 8
 *         length, or -1                    8
 *         bytes it is counted as taking    8
 *         size of its file                 8
 *         when that was changed            8
 *         bytes of the label, n            4
 *         slices, m                        4
 *         label                            n
 *         checksum of each slice           4 m    0 when it is not whole
 *  end  CRC32C of all before               4
 * </pre>
 *
 * Numbers are big-endian. Blocks on the disk.
 */
final class PullIndex {
  static final int VERSION = 1;
  private static final long MAGIC = 0x4f434150_554c4c0aL;
  private static final int BUFFER = 64 << 10;
  private static final int OBJECT = 6 * Long.BYTES + 2 * Integer.BYTES;

  final int version;
  final int sliceBytes;
  final UUID boot;
  final long nextId;
  final List<KeptObject> objects;

  PullIndex(int version, int sliceBytes, UUID boot, long nextId, List<KeptObject> objects) {
    this.version = version;
    this.sliceBytes = sliceBytes;
    this.boot = boot;
    this.nextId = nextId;
    this.objects = objects;
  }

  /** Writes it in place, in one step. Nothing is synced: another boot does not believe it. */
  void write(Disk disk, Path path) throws IOException {
    Path temp = path.resolveSibling(path.getFileName() + ".new");
    disk.delete(temp);
    try (OpenFile file = disk.open(temp, Disk.Mode.WRITE)) {
      Sink sink = new Sink(file.channel());
      sink.putLong(MAGIC);
      sink.putInt(version);
      sink.putInt(sliceBytes);
      sink.putLong(boot.getMostSignificantBits());
      sink.putLong(boot.getLeastSignificantBits());
      sink.putLong(nextId);
      sink.putInt(objects.size());
      for (KeptObject object : objects) {
        put(sink, object);
      }
      sink.end();
    }
    disk.rename(temp, path);
  }

  private static void put(Sink sink, KeptObject object) throws IOException {
    sink.putLong(object.id);
    sink.putLong(object.identity);
    sink.putLong(object.length);
    sink.putLong(object.charged);
    sink.putLong(object.fileBytes);
    sink.putLong(object.modified);
    sink.putInt(object.label.length);
    sink.putInt(object.checksums.length);
    for (byte part : object.label) {
      sink.put(part);
    }
    for (int checksum : object.checksums) {
      sink.putInt(checksum);
    }
  }

  /**
   * Reads one.
   *
   * @throws BadFileException when it is not what was written
   * @return without objects when its version is another
   */
  static PullIndex read(Disk disk, Path path) throws IOException {
    try (OpenFile file = disk.open(path, Disk.Mode.READ)) {
      Source source = new Source(file.channel());
      if (source.getLong() != MAGIC) {
        throw new BadFileException("no index");
      }
      int version = source.getInt();
      if (version != VERSION) {
        return new PullIndex(version, 0, new UUID(0, 0), 0, List.of());
      }
      int sliceBytes = source.getInt();
      UUID boot = new UUID(source.getLong(), source.getLong());
      long nextId = source.getLong();
      int count = source.getInt();
      source.requireLeft(count, OBJECT);
      List<KeptObject> objects = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        objects.add(get(source));
      }
      source.end();
      return new PullIndex(version, sliceBytes, boot, nextId, objects);
    }
  }

  private static KeptObject get(Source source) throws IOException {
    long id = source.getLong();
    long identity = source.getLong();
    long length = source.getLong();
    long charged = source.getLong();
    long fileBytes = source.getLong();
    long modified = source.getLong();
    int labelBytes = source.getInt();
    int slices = source.getInt();
    source.requireLeft(labelBytes, 1);
    byte[] label = new byte[labelBytes];
    for (int i = 0; i < labelBytes; i++) {
      label[i] = source.get();
    }
    source.requireLeft(slices, Integer.BYTES);
    int[] checksums = new int[slices];
    for (int i = 0; i < slices; i++) {
      checksums[i] = source.getInt();
    }
    return new KeptObject(id, identity, length, charged, fileBytes, modified, label, checksums);
  }

  /** Writes with a checksum behind. */
  private static final class Sink {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final CRC32C crc = new CRC32C();
    private long position;

    Sink(FileChannel channel) {
      this.channel = channel;
    }

    void put(byte value) throws IOException {
      room(Byte.BYTES).put(value);
    }

    void putInt(int value) throws IOException {
      room(Integer.BYTES).putInt(value);
    }

    void putLong(long value) throws IOException {
      room(Long.BYTES).putLong(value);
    }

    private ByteBuffer room(int bytes) throws IOException {
      if (buffer.remaining() < bytes) {
        flush();
      }
      return buffer;
    }

    private void flush() throws IOException {
      buffer.flip();
      crc.update(buffer.duplicate());
      int bytes = buffer.remaining();
      ContentFile.writeFully(channel, buffer, position);
      position += bytes;
      buffer.clear();
    }

    void end() throws IOException {
      flush();
      buffer.putInt((int) crc.getValue());
      flush();
    }
  }

  /** Reads, and compares the checksum behind. */
  private static final class Source {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);
    private final CRC32C crc = new CRC32C();
    private final long size;
    private long position;

    Source(FileChannel channel) throws IOException {
      this.channel = channel;
      this.size = channel.size() - Integer.BYTES;
    }

    byte get() throws IOException {
      return filled(Byte.BYTES).get();
    }

    int getInt() throws IOException {
      return filled(Integer.BYTES).getInt();
    }

    long getLong() throws IOException {
      return filled(Long.BYTES).getLong();
    }

    /** Before memory is taken for so many. */
    void requireLeft(int count, int bytes) throws BadFileException {
      if (count < 0 || (long) count * bytes > size - position + buffer.remaining()) {
        throw new BadFileException("the index counts more than it holds");
      }
    }

    private ByteBuffer filled(int bytes) throws IOException {
      if (buffer.remaining() < bytes) {
        buffer.compact();
        int kept = buffer.position();
        long left = size - position;
        buffer.limit((int) Math.min(buffer.capacity(), kept + Math.max(0, left)));
        while (buffer.hasRemaining()) {
          int read = channel.read(buffer, position);
          if (read < 0) {
            throw new BadFileException("the index ends too early");
          }
          position += read;
        }
        crc.update(buffer.duplicate().position(kept).limit(buffer.limit()));
        buffer.flip();
        if (buffer.remaining() < bytes) {
          throw new BadFileException("the index ends too early");
        }
      }
      return buffer;
    }

    void end() throws IOException {
      ByteBuffer sum = ByteBuffer.allocate(Integer.BYTES);
      ContentFile.readFully(channel, sum, size);
      if (buffer.hasRemaining() || position != size || sum.getInt(0) != (int) crc.getValue()) {
        throw new BadFileException("the index has changed since it was written");
      }
    }
  }
}
