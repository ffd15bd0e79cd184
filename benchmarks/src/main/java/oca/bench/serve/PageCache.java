package oca.bench.serve;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** What of a server's data the system keeps in memory. */
public final class PageCache {
  private static final int POSIX_FADV_DONTNEED = 4;
  private static final int O_RDONLY = 0;
  private static final int CHUNK = 1 << 20;

  private PageCache() {}

  /** Reads all of it, so that it is hot. */
  public static void warm(Path folder) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK);
    for (Path file : files(folder)) {
      try (FileChannel channel = FileChannel.open(file)) {
        while (channel.read(bytes.clear()) >= 0) {
          // Read for the effect alone.
        }
      }
    }
  }

  /** Has it forgotten, so that it is cold. */
  static void drop(Path folder) throws IOException {
    Calls calls = new Calls(1);
    try (Arena arena = Arena.ofConfined()) {
      for (Path file : files(folder)) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.force(true); // what is not on the disk yet would stay
        }
        MemorySegment path = arena.allocateFrom(file.toString());
        int opened = calls.open(path, O_RDONLY);
        int errno = Calls.advise(opened, POSIX_FADV_DONTNEED);
        calls.close(opened);
        if (errno != 0) {
          throw new IOException("posix_fadvise on " + file + " answered " + errno);
        }
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).filter(file -> size(file) > CHUNK).toList();
    }
  }

  private static long size(Path file) {
    return file.toFile().length();
  }
}
