package oca.protocol.records;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A folder of the file system, held by a lock so that no other process writes into it. */
final class DiskFolder implements RecordFolder {
  /** The file whose lock is held. It stays, empty. */
  static final String LOCK = "records.lock";

  private static final int STEP = 64 << 10;

  private final Path folder;
  private @Nullable FileChannel lock;

  DiskFolder(Path folder) {
    this.folder = folder;
  }

  @Override
  public synchronized void open() throws IOException {
    if (lock != null) {
      return;
    }
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(channel)) {
      channel.close();
      throw new IOException(
          folder + " is in use by another process; give each a folder of its own");
    }
    lock = channel;
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock taken = channel.tryLock();
      return taken != null;
    } catch (OverlappingFileLockException e) {
      // Held by this very process, by another of its parts: the same answer.
      return false;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public List<Entry> list() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        add(entries, file);
      }
    }
    return entries;
  }

  private static void add(List<Entry> entries, Path file) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      // Renamed or deleted since the folder was read: it is under its new name, or gone.
      return;
    }
    if (attributes.isRegularFile()) {
      entries.add(new Entry(file.getFileName().toString(), attributes.size()));
    }
  }

  @Override
  public OpenFile create(String name) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new DiskFile(folder.resolve(name), channel);
  }

  @Override
  public InputStream read(String name) throws IOException {
    return Files.newInputStream(folder.resolve(name));
  }

  @Override
  public long cutToWholeLines(String name) throws IOException {
    try (FileChannel file =
        FileChannel.open(folder.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long before = file.size();
      long whole = wholeLines(file, before);
      if (whole < before) {
        file.truncate(whole);
      }
      return before - whole;
    }
  }

  /** The length up to and with the last line end. */
  private static long wholeLines(FileChannel file, long length) throws IOException {
    ByteBuffer step = ByteBuffer.allocate(STEP);
    for (long to = length; to > 0; ) {
      long from = Math.max(0, to - STEP);
      step.clear().limit((int) (to - from));
      int read = 0;
      while (step.hasRemaining() && read >= 0) {
        read = file.read(step, from + step.position());
      }
      for (int i = step.position() - 1; i >= 0; i--) {
        if (step.get(i) == '\n') {
          return from + i + 1;
        }
      }
      to = from;
    }
    return 0;
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        folder.resolve(from),
        folder.resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
  }

  @Override
  public void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }

  private record DiskFile(Path path, FileChannel channel) implements OpenFile {
    @Override
    public void append(ByteBuffer bytes) throws IOException {
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException e) {
        // The kernel's messages name no file.
        throw new IOException(path + ": " + e.getMessage(), e);
      }
    }

    @Override
    public void cut(long bytes) throws IOException {
      channel.truncate(bytes);
    }

    @Override
    public void sync() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
