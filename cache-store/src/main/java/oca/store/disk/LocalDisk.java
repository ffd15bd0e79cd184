package oca.store.disk;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file systems of this machine. */
public final class LocalDisk implements Disk {
  private static final Logger log = LoggerFactory.getLogger(LocalDisk.class);
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;
  private static final int RANDOM = 1;
  private static final int DONTNEED = 4;

  @Override
  public OpenFile open(Path path, Mode mode) throws IOException {
    return switch (mode) {
      case READ, SCAN -> open(path, "r");
      case WRITE -> open(path, "rw");
      case UPDATE ->
          OpenFile.withoutNumber(
              FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    };
  }

  private static OpenFile open(Path path, String mode) throws IOException {
    try {
      OpenFile file = OpenFile.of(new RandomAccessFile(path.toFile(), mode));
      PageCache.advise(file.descriptor(), 0, 0, RANDOM);
      return file;
    } catch (FileNotFoundException e) {
      // The JDK says this of every refusal to open; only the text tells them apart.
      String text = String.valueOf(e.getMessage());
      if (text.contains("No such file or directory")) {
        throw new NoSuchFileException(path.toString());
      }
      throw new IOException(text, e);
    }
  }

  @Override
  public void allocate(OpenFile file, long bytes) throws IOException {
    int errno = bytes == 0 ? 0 : Fallocate.call(file.descriptor(), bytes);
    if (errno == ENOSPC || errno == EDQUOT) {
      throw new IOException("No space left on device");
    }
    if (errno != 0) {
      // Not every file system knows fallocate(2): those give the size, and room as it is written.
      // A real fault of the disk shows in this very write.
      ContentFile.writeFully(file.channel(), ByteBuffer.allocate(1), bytes - 1);
    }
  }

  @Override
  public boolean inMemory(OpenFile file, long position, long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment range =
          file.channel().map(FileChannel.MapMode.READ_ONLY, position, bytes, arena);
      return PageCache.holds(range, arena);
    } catch (IOException e) {
      log.debug("cannot tell what of a file is in memory", e);
      return true;
    }
  }

  @Override
  public void leaveMemory(OpenFile file, long position, long bytes) {
    PageCache.advise(file.descriptor(), position, bytes, DONTNEED);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public boolean delete(Path path) throws IOException {
    return Files.deleteIfExists(path);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  @Override
  public void makeFolder(Path folder) throws IOException {
    Files.createDirectories(folder);
  }

  @Override
  public Kind kind(Path path) throws IOException {
    try {
      var found =
          Files.readAttributes(
              path, java.nio.file.attribute.BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return found.isRegularFile() ? Kind.FILE : found.isDirectory() ? Kind.FOLDER : Kind.OTHER;
    } catch (NoSuchFileException e) {
      return Kind.MISSING;
    }
  }

  @Override
  public long size(Path path) throws IOException {
    return Files.size(path);
  }

  @Override
  public long modified(Path path) throws IOException {
    return Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long usableBytes(Path folder) throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  @Override
  public boolean isMountPoint(Path folder) throws IOException {
    Path real = folder.toRealPath();
    Path above = real.getParent();
    return above == null
        || !Objects.equals(
            Files.getAttribute(real, "unix:dev"), Files.getAttribute(above, "unix:dev"));
  }

  @Override
  public Closeable lock(Path folder) throws IOException {
    return FolderLock.take(folder);
  }

  /** mincore(2) and posix_fadvise(3), looked up when they are first needed. */
  @SuppressWarnings("restricted")
  private static final class PageCache {
    private static final long PAGE = 4096;
    private static final MethodHandle MINCORE =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("mincore"),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS));
    private static final MethodHandle ADVISE =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("posix_fadvise"),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));

    /**
     * Whether any page of a mapped range is there. Older than cachestat(2), so known everywhere.
     */
    static boolean holds(MemorySegment range, Arena arena) throws IOException {
      long pages = (range.byteSize() + PAGE - 1) / PAGE;
      MemorySegment vector = arena.allocate(pages);
      try {
        if ((int) MINCORE.invokeExact(range, range.byteSize(), vector) != 0) {
          return true;
        }
      } catch (Throwable e) {
        throw new IOException("cannot call mincore", e);
      }
      for (long page = 0; page < pages; page++) {
        if ((vector.get(ValueLayout.JAVA_BYTE, page) & 1) != 0) {
          return true;
        }
      }
      return false;
    }

    static void advise(int descriptor, long position, long bytes, int advice) {
      try {
        int errno = (int) ADVISE.invokeExact(descriptor, position, bytes, advice);
        if (errno != 0) {
          log.debug("posix_fadvise answers {}", errno);
        }
      } catch (Throwable e) {
        throw new IllegalStateException("cannot call posix_fadvise", e);
      }
    }
  }

  /** fallocate(2), looked up when it is first needed. */
  @SuppressWarnings("restricted")
  private static final class Fallocate {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
        STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle CALL =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("fallocate"),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
                Linker.Option.captureCallState("errno"));

    /** 0, or the number of the error. */
    static int call(int descriptor, long bytes) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        int result = (int) CALL.invokeExact(state, descriptor, 0, 0L, bytes);
        return result == 0 ? 0 : (int) ERRNO.get(state, 0L);
      } catch (Throwable e) {
        throw new IOException("cannot call fallocate", e);
      }
    }
  }
}
