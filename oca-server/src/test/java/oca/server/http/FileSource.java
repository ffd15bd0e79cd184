package oca.server.http;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Field;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import oca.model.ContentId;
import oca.store.ContentKey;
import oca.store.ContentLease;
import oca.store.ContentMeta;
import oca.store.ContentSource;
import oca.store.Lookup;

/** Plain files as content; counts the leases that are open. */
final class FileSource implements ContentSource, AutoCloseable {
  static final String SHA = "0123456789abcdef".repeat(4);
  static final String TAG = "\"" + SHA.substring(0, 32) + "\"";
  static final long MODIFIED = 784_111_777L;

  private final Map<ContentKey, Held> files = new ConcurrentHashMap<>();
  final AtomicInteger openLeases = new AtomicInteger();
  final AtomicInteger closedTwice = new AtomicInteger();
  final AtomicInteger readErrors = new AtomicInteger();

  /** Run on the event loop at each lookup. */
  volatile Runnable onLookup = () -> {};

  private record Held(
      RandomAccessFile file,
      int descriptor,
      ContentMeta meta,
      long offset,
      long verified,
      Object volume) {}

  /**
   * Publishes what stands in {@code file} behind {@code offset}.
   *
   * @param length as announced, whether the file is that long or not
   * @param verified less than {@code length} for a file that is being filled; below zero for one of
   *     which the store cannot say what it is
   */
  void publish(String path, Path file, long offset, long length, long verified) throws IOException {
    publish(path, file, offset, length, verified, "one");
  }

  /** The same, on a volume. */
  void publish(String path, Path file, long offset, long length, long verified, Object volume)
      throws IOException {
    ContentId id = ContentId.ofPath(path);
    ContentKey key = new ContentKey(id.high(), id.low());
    RandomAccessFile open = new RandomAccessFile(file.toFile(), "r");
    ContentMeta meta = new ContentMeta(key, length, SHA, "video/mp4", MODIFIED);
    files.put(key, new Held(open, number(open.getFD()), meta, offset, verified, volume));
  }

  /** The number of a published file. */
  int descriptor(String path) {
    ContentId id = ContentId.ofPath(path);
    return files.get(new ContentKey(id.high(), id.low())).descriptor;
  }

  static int number(FileDescriptor descriptor) {
    try {
      Field field = FileDescriptor.class.getDeclaredField("fd");
      field.setAccessible(true);
      return field.getInt(descriptor);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("java.io is not open", e);
    }
  }

  @Override
  public Lookup lookup(ContentKey key) {
    onLookup.run();
    Held held = files.get(key);
    if (held == null) {
      return Lookup.Miss.MISS;
    }
    openLeases.incrementAndGet();
    Lease lease = new Lease(held);
    return held.verified < held.meta.length()
        ? new Lookup.Filling(lease, from -> Math.max(0, held.verified - from))
        : new Lookup.Hit(lease);
  }

  @Override
  public void close() throws IOException {
    for (Held held : files.values()) {
      held.file.close();
    }
  }

  private final class Lease implements ContentLease {
    private final Held held;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lease(Held held) {
      this.held = held;
    }

    private Held open() {
      if (closed.get()) {
        throw new IllegalStateException("used after it was closed");
      }
      return held;
    }

    @Override
    public ContentMeta meta() {
      if (held.verified < 0) {
        throw new IllegalStateException("fails on purpose");
      }
      return held.meta;
    }

    @Override
    public FileChannel channel() {
      return open().file.getChannel();
    }

    @Override
    public int descriptor() {
      return open().descriptor;
    }

    @Override
    public Object volume() {
      return held.volume;
    }

    @Override
    public ContentLease share() {
      Lease one = new Lease(open());
      openLeases.incrementAndGet();
      return one;
    }

    @Override
    public long contentOffset() {
      return held.offset;
    }

    @Override
    public void reportReadError(IOException error) {
      readErrors.incrementAndGet();
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        openLeases.decrementAndGet();
      } else {
        closedTwice.incrementAndGet();
      }
    }
  }
}
