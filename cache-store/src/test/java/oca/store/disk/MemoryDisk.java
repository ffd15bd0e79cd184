package oca.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory, which behaves as Linux's do as far as {@link DiskContract} asks: a file
 * lives on without a name while it is open, a rename replaces, holes read as zeros and take no
 * room. Files have descriptor -1: nothing can be sent from them by sendfile(2).
 *
 * <p>Safe on any thread: one lock for all, and nothing blocks for long.
 */
public final class MemoryDisk implements Disk {
  private static final int PAGE = 4096;
  private static final byte[] ZEROS = new byte[PAGE];

  /** Stands for a page of zeros that room was taken for. */
  private static final byte[] ALLOCATED = {};

  private final long capacityPages;
  private final Set<Path> locked = new HashSet<>();
  private final Set<Path> mounts = new HashSet<>();
  private long lastIdentity;
  private long usedPages;
  private int openChannels;
  private final Folder root = new Folder(lastIdentity);

  private abstract static sealed class Node permits Folder, Inode {
    final long identity;

    Node(long identity) {
      this.identity = identity;
    }
  }

  private static final class Folder extends Node {
    final Map<String, Node> names = new HashMap<>();

    Folder(long identity) {
      super(identity);
    }
  }

  private static final class Inode extends Node {
    final Map<Long, byte[]> pages = new HashMap<>();
    long size;
    long changes;
    int names;
    int channels;

    Inode(long identity) {
      super(identity);
    }

    byte[] page(long number) {
      byte[] page = pages.get(number);
      return page == null || page.length == 0 ? ZEROS : page;
    }
  }

  /** With room for all that memory holds. */
  public MemoryDisk() {
    this(Long.MAX_VALUE);
  }

  /** With that much room for the pages of files; names take none. */
  public MemoryDisk(long capacityBytes) {
    this.capacityPages = capacityBytes / PAGE;
  }

  /** Channels that were opened and not closed. */
  public synchronized int openChannels() {
    return openChannels;
  }

  /** What the pages of all files take, unlinked ones that are open included. */
  public synchronized long usedBytes() {
    return usedPages * PAGE;
  }

  /** Lets another file system begin at a folder, as far as {@link #isMountPoint} tells. */
  public synchronized void mount(Path folder) {
    mounts.add(folder.toAbsolutePath().normalize());
  }

  /** Gives a file a second name. */
  public synchronized void link(Path existing, Path name) throws IOException {
    if (!(node(existing) instanceof Inode file)) {
      throw new NoSuchFileException(existing.toString());
    }
    put(name, file);
  }

  /** A number for what stands under a name, the same for all its names; -1 when there is none. */
  synchronized long identity(Path path) throws IOException {
    @Nullable Node node = node(path);
    return node == null ? -1 : node.identity;
  }

  /** The number of an open file, which it keeps without a name. */
  static long identity(OpenFile file) {
    return ((MemoryChannel) file.channel()).inode.identity;
  }

  /** The same for two disks with the same names and bytes, and hardly for others. */
  public synchronized long fingerprint() {
    CRC32C names = new CRC32C();
    CRC32C bytes = new CRC32C();
    fingerprint(root, names, bytes);
    return names.getValue() << 32 | bytes.getValue();
  }

  private static void fingerprint(Folder folder, CRC32C names, CRC32C bytes) {
    new TreeMap<>(folder.names)
        .forEach(
            (name, node) -> {
              names.update((name + "/").getBytes(StandardCharsets.UTF_8));
              switch (node) {
                case Folder below -> fingerprint(below, names, bytes);
                case Inode file -> {
                  names.update((file.size + ":").getBytes(StandardCharsets.UTF_8));
                  for (long page = 0; page * PAGE < file.size; page++) {
                    bytes.update(file.page(page));
                  }
                }
              }
              names.update('.');
            });
  }

  @Override
  public synchronized OpenFile open(Path path, Mode mode) throws IOException {
    @Nullable Node node = node(path);
    if (node == null) {
      if (mode != Mode.WRITE) {
        throw new NoSuchFileException(path.toString());
      }
      node = new Inode(++lastIdentity);
      put(path, node);
    }
    return switch (node) {
      case Folder folder -> throw new IOException(path + " (Is a directory)");
      case Inode inode -> {
        inode.channels++;
        openChannels++;
        yield new OpenFile(new MemoryChannel(inode, mode == Mode.WRITE || mode == Mode.UPDATE), -1);
      }
    };
  }

  @Override
  public synchronized void allocate(OpenFile file, long bytes) throws IOException {
    MemoryChannel channel = (MemoryChannel) file.channel();
    channel.requireWritable();
    Inode inode = channel.inode;
    long pages = (bytes + PAGE - 1) / PAGE;
    long missing = 0;
    for (long page = 0; page < pages; page++) {
      missing += inode.pages.containsKey(page) ? 0 : 1;
    }
    if (missing > capacityPages - usedPages) {
      throw new IOException("No space left on device");
    }
    for (long page = 0; page < pages; page++) {
      inode.pages.putIfAbsent(page, ALLOCATED);
    }
    usedPages += missing;
    inode.size = Math.max(inode.size, bytes);
  }

  @Override
  public boolean inMemory(OpenFile file, long position, long bytes) {
    return true;
  }

  @Override
  public void leaveMemory(OpenFile file, long position, long bytes) {
    // All of it is memory.
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    Node node = require(from);
    @Nullable Node replaced = node(to);
    if (node == replaced) {
      return;
    }
    if (node instanceof Folder && to.toAbsolutePath().startsWith(from.toAbsolutePath())) {
      throw new FileSystemException(from.toString(), to.toString(), "Invalid argument");
    }
    if (node instanceof Folder && replaced instanceof Inode) {
      throw new FileSystemException(from.toString(), to.toString(), "Not a directory");
    }
    if (replaced instanceof Folder folder) {
      if (node instanceof Inode) {
        throw new FileSystemException(from.toString(), to.toString(), "Is a directory");
      }
      if (!folder.names.isEmpty()) {
        throw new FileSystemException(from.toString(), to.toString(), "Directory not empty");
      }
    }
    put(to, node);
    take(from);
  }

  @Override
  public synchronized boolean delete(Path path) throws IOException {
    @Nullable Node node = node(path);
    if (node instanceof Folder folder && !folder.names.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    if (node != null) {
      take(path);
    }
    return node != null;
  }

  @Override
  public synchronized List<Path> list(Path folder) throws IOException {
    return switch (require(folder)) {
      case Folder found -> found.names.keySet().stream().map(folder::resolve).toList();
      case Inode file -> throw new NotDirectoryException(folder.toString());
    };
  }

  @Override
  public synchronized void makeFolder(Path folder) throws IOException {
    switch (node(folder)) {
      case Folder found -> {
        // It is there.
      }
      case Inode file -> throw new FileAlreadyExistsException(folder.toString());
      case null -> {
        Path above = folder.toAbsolutePath().normalize().getParent();
        makeFolder(above);
        put(folder, new Folder(++lastIdentity));
      }
    }
  }

  @Override
  public synchronized Kind kind(Path path) throws IOException {
    return switch (node(path)) {
      case Folder folder -> Kind.FOLDER;
      case Inode file -> Kind.FILE;
      case null -> Kind.MISSING;
    };
  }

  @Override
  public synchronized long size(Path path) throws IOException {
    return switch (require(path)) {
      case Folder folder -> PAGE;
      case Inode file -> file.size;
    };
  }

  @Override
  public synchronized long modified(Path path) throws IOException {
    return switch (require(path)) {
      case Folder folder -> 0;
      case Inode file -> file.changes;
    };
  }

  @Override
  public synchronized void syncFolder(Path folder) throws IOException {
    require(folder);
  }

  @Override
  public synchronized long usableBytes(Path folder) throws IOException {
    require(folder);
    return Math.multiplyExact(Math.min(capacityPages, Long.MAX_VALUE / PAGE) - usedPages, PAGE);
  }

  @Override
  public synchronized boolean isMountPoint(Path folder) throws IOException {
    Path real = folder.toAbsolutePath().normalize();
    require(real);
    return real.getParent() == null || mounts.contains(real);
  }

  @Override
  public synchronized Closeable lock(Path folder) throws IOException {
    Path real = folder.toAbsolutePath().normalize();
    Path name = folder.resolve(FolderLock.NAME);
    if (!(require(folder) instanceof Folder)) {
      throw new FileSystemException(name.toString(), null, "Not a directory");
    }
    if (node(name) == null) {
      put(name, new Inode(++lastIdentity));
    }
    if (!locked.add(real)) {
      throw new StoreRefusedException(folder + " is in use by another process: stop that one");
    }
    return () -> unlock(real);
  }

  private synchronized void unlock(Path folder) {
    locked.remove(folder);
  }

  private @Nullable Node node(Path path) throws IOException {
    // By hand: tests look up millions of paths.
    String text = path.toAbsolutePath().toString();
    if (text.contains("/.")) {
      text = path.toAbsolutePath().normalize().toString();
    }
    Node node = root;
    for (int from = 1; from < text.length(); ) {
      int to = text.indexOf('/', from);
      to = to < 0 ? text.length() : to;
      if (!(node instanceof Folder folder)) {
        throw new FileSystemException(path.toString(), null, "Not a directory");
      }
      node = folder.names.get(text.substring(from, to));
      if (node == null) {
        return null;
      }
      from = to + 1;
    }
    return node;
  }

  private Node require(Path path) throws IOException {
    @Nullable Node node = node(path);
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  private Folder above(Path path) throws IOException {
    return switch (require(path.toAbsolutePath().normalize().getParent())) {
      case Folder folder -> folder;
      case Inode file -> throw new FileSystemException(path.toString(), null, "Not a directory");
    };
  }

  private void put(Path path, Node node) throws IOException {
    @Nullable Node before = above(path).names.put(path.getFileName().toString(), node);
    if (node instanceof Inode file) {
      file.names++;
    }
    unlinked(before);
  }

  private void take(Path path) throws IOException {
    unlinked(above(path).names.remove(path.getFileName().toString()));
  }

  private void unlinked(@Nullable Node node) {
    if (node instanceof Inode file) {
      file.names--;
      freeIfUnused(file);
    }
  }

  private void freeIfUnused(Inode file) {
    if (file.names == 0 && file.channels == 0) {
      usedPages -= file.pages.size();
      file.pages.clear();
    }
  }

  private final class MemoryChannel extends PositionalChannel {
    private final Inode inode;
    private final boolean writable;

    MemoryChannel(Inode inode, boolean writable) {
      this.inode = inode;
      this.writable = writable;
    }

    void requireWritable() throws IOException {
      requireOpen();
      if (!writable) {
        throw new NonWritableChannelException();
      }
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
      synchronized (MemoryDisk.this) {
        requireOpen();
        long left = inode.size - position;
        if (left <= 0) {
          return bytes.hasRemaining() ? -1 : 0;
        }
        int count = (int) Math.min(left, bytes.remaining());
        for (int done = 0; done < count; ) {
          int inPage = (int) ((position + done) % PAGE);
          int part = Math.min(count - done, PAGE - inPage);
          bytes.put(inode.page((position + done) / PAGE), inPage, part);
          done += part;
        }
        return count;
      }
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
      synchronized (MemoryDisk.this) {
        requireWritable();
        inode.changes++;
        int done = 0;
        while (bytes.hasRemaining()) {
          byte @Nullable [] page = pageToWrite((position + done) / PAGE);
          if (page == null) {
            break;
          }
          int inPage = (int) ((position + done) % PAGE);
          int part = Math.min(bytes.remaining(), PAGE - inPage);
          bytes.get(page, inPage, part);
          done += part;
          inode.size = Math.max(inode.size, position + done);
        }
        if (done == 0 && bytes.hasRemaining()) {
          throw new IOException("No space left on device");
        }
        return done;
      }
    }

    private byte @Nullable [] pageToWrite(long number) {
      byte[] page = inode.pages.get(number);
      if (page == null && usedPages >= capacityPages) {
        return null;
      }
      if (page == null || page.length == 0) {
        usedPages += page == null ? 1 : 0;
        page = new byte[PAGE];
        inode.pages.put(number, page);
      }
      return page;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      synchronized (MemoryDisk.this) {
        requireWritable();
        inode.changes++;
        if (size < inode.size) {
          inode.size = size;
          long kept = (size + PAGE - 1) / PAGE;
          int before = inode.pages.size();
          inode.pages.keySet().removeIf(page -> page >= kept);
          usedPages -= before - inode.pages.size();
          byte[] last = inode.pages.get(kept - 1);
          if (last != null && last.length > 0 && size % PAGE != 0) {
            Arrays.fill(last, (int) (size % PAGE), PAGE, (byte) 0);
          }
        }
        return this;
      }
    }

    @Override
    public void force(boolean metaData) throws IOException {
      requireOpen();
    }

    @Override
    public long size() throws IOException {
      synchronized (MemoryDisk.this) {
        requireOpen();
        return inode.size;
      }
    }

    @Override
    protected void implCloseChannel() {
      synchronized (MemoryDisk.this) {
        openChannels--;
        inode.channels--;
        freeIfUnused(inode);
      }
    }
  }
}
