package oca.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes down, in one total order, all that changes a disk in memory and all that makes changes
 * durable. Names are told by the number of their folder, so that a renamed folder keeps them.
 *
 * <p>Safe on any thread: a change and its place in the log are one step.
 */
public final class RecordingDisk implements Disk {
  private final MemoryDisk disk;
  private final List<Step> log = new ArrayList<>();

  /** A change, something that makes changes durable, or a remark of the test. */
  public sealed interface Step {
    /** A new file or folder has got its name. */
    record Made(long node, boolean isFolder, long folder, String name) implements Step {}

    /** Bytes were written; the file grows when they reach beyond its end. */
    record Written(long file, long position, byte[] bytes) implements Step {}

    /** A file has got a size, with zeros where there was nothing. */
    record Sized(long file, long bytes) implements Step {}

    /** All bytes and the size of a file are durable. */
    record Synced(long file) implements Step {}

    /** A name was taken from one folder and given in another, or the same. */
    record Renamed(long node, long fromFolder, String from, long toFolder, String to)
        implements Step {}

    /** A name was taken away. */
    record Deleted(long folder, String name) implements Step {}

    /** The names in a folder are durable. */
    record FolderSynced(long folder) implements Step {}

    /** What the test says has happened by now. */
    record Remark(String text) implements Step {}
  }

  /**
   * @param disk without files or folders
   */
  public RecordingDisk(MemoryDisk disk) {
    this.disk = disk;
  }

  /** What was written down until now. */
  public synchronized List<Step> log() {
    return List.copyOf(log);
  }

  /** Writes down a remark. */
  public synchronized void remark(String text) {
    log.add(new Step.Remark(text));
  }

  @Override
  public synchronized OpenFile open(Path path, Mode mode) throws IOException {
    boolean isNew = mode == Mode.WRITE && disk.kind(path) == Kind.MISSING;
    OpenFile file = disk.open(path, mode);
    if (isNew) {
      made(path, false);
    }
    return new OpenFile(new RecordingChannel(file), -1);
  }

  @Override
  public synchronized void allocate(OpenFile file, long bytes) throws IOException {
    OpenFile inner = ((RecordingChannel) file.channel()).inner;
    long before = inner.channel().size();
    disk.allocate(inner, bytes);
    if (bytes > before) {
      log.add(new Step.Sized(MemoryDisk.identity(inner), bytes));
    }
  }

  @Override
  public boolean inMemory(OpenFile file, long position, long bytes) {
    return disk.inMemory(((RecordingChannel) file.channel()).inner, position, bytes);
  }

  @Override
  public void leaveMemory(OpenFile file, long position, long bytes) {
    disk.leaveMemory(((RecordingChannel) file.channel()).inner, position, bytes);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    long node = disk.identity(from);
    long replaced = disk.identity(to);
    disk.rename(from, to);
    if (node != replaced) {
      log.add(new Step.Renamed(node, folder(from), name(from), folder(to), name(to)));
    }
  }

  @Override
  public synchronized boolean delete(Path path) throws IOException {
    boolean deleted = disk.delete(path);
    if (deleted) {
      log.add(new Step.Deleted(folder(path), name(path)));
    }
    return deleted;
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    return disk.list(folder);
  }

  @Override
  public synchronized void makeFolder(Path folder) throws IOException {
    if (disk.kind(folder) == Kind.MISSING) {
      makeFolder(folder.toAbsolutePath().normalize().getParent());
      disk.makeFolder(folder);
      made(folder, true);
    } else {
      disk.makeFolder(folder);
    }
  }

  @Override
  public Kind kind(Path path) throws IOException {
    return disk.kind(path);
  }

  @Override
  public long size(Path path) throws IOException {
    return disk.size(path);
  }

  @Override
  public long modified(Path path) throws IOException {
    return disk.modified(path);
  }

  @Override
  public synchronized void syncFolder(Path folder) throws IOException {
    disk.syncFolder(folder);
    log.add(new Step.FolderSynced(disk.identity(folder)));
  }

  @Override
  public long usableBytes(Path folder) throws IOException {
    return disk.usableBytes(folder);
  }

  @Override
  public boolean isMountPoint(Path folder) throws IOException {
    return disk.isMountPoint(folder);
  }

  @Override
  public synchronized Closeable lock(Path folder) throws IOException {
    Path file = folder.resolve(FolderLock.NAME);
    boolean isNew = disk.kind(file) == Kind.MISSING;
    Closeable lock = disk.lock(folder);
    if (isNew) {
      made(file, false);
    }
    return lock;
  }

  private void made(Path path, boolean isFolder) throws IOException {
    log.add(new Step.Made(disk.identity(path), isFolder, folder(path), name(path)));
  }

  private long folder(Path path) throws IOException {
    return disk.identity(path.toAbsolutePath().normalize().getParent());
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private final class RecordingChannel extends PositionalChannel {
    private final OpenFile inner;
    private final long identity;

    RecordingChannel(OpenFile inner) {
      this.inner = inner;
      this.identity = MemoryDisk.identity(inner);
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
      return inner.channel().read(bytes, position);
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
      synchronized (RecordingDisk.this) {
        ByteBuffer before = bytes.duplicate();
        int count = inner.channel().write(bytes, position);
        byte[] written = new byte[count];
        before.get(written);
        if (count > 0) {
          log.add(new Step.Written(identity, position, written));
        }
        return count;
      }
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      synchronized (RecordingDisk.this) {
        long before = inner.channel().size();
        inner.channel().truncate(size);
        if (size < before) {
          log.add(new Step.Sized(identity, size));
        }
        return this;
      }
    }

    @Override
    public void force(boolean metaData) throws IOException {
      synchronized (RecordingDisk.this) {
        inner.channel().force(metaData);
        log.add(new Step.Synced(identity));
      }
    }

    @Override
    public long size() throws IOException {
      return inner.channel().size();
    }

    @Override
    protected void implCloseChannel() throws IOException {
      inner.close();
    }
  }
}
