package oca.steering.replica;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A snapshot on disk. Written beside its place, synced, and renamed: whoever reads finds the one
 * before or the one after. One thread at a time.
 */
public final class SnapshotFile {
  private final Path file;
  private final int maxBytes;

  /**
   * That file.
   *
   * @param maxBytes a longer one is not read
   */
  public SnapshotFile(Path file, int maxBytes) {
    this.file = file.toAbsolutePath();
    this.maxBytes = maxBytes;
  }

  /**
   * Puts a snapshot in place of the one before; on disk when this returns.
   *
   * @throws IOException when it could not; the one before is still there then
   */
  public void save(byte[] snapshot) throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException("not a file: " + file);
    }
    Files.createDirectories(folder);
    Path beside = folder.resolve(file.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer left = ByteBuffer.wrap(snapshot);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
      entry.force(true);
    }
  }

  /**
   * What was saved last; empty when nothing was.
   *
   * @throws SnapshotRefusedException when it cannot be read, or is too long
   */
  public Optional<byte[]> load() throws SnapshotRefusedException {
    try {
      if (Files.size(file) > maxBytes) {
        throw new SnapshotRefusedException(
            SnapshotRefusal.TOO_LARGE, Files.size(file) + " bytes where " + maxBytes + " may be");
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (SnapshotRefusedException e) {
      throw e;
    } catch (IOException e) {
      throw new SnapshotRefusedException(SnapshotRefusal.UNREACHED, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
