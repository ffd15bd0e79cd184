package oca.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a folder to one process; the operating system lets go of it when the process dies. */
public final class FolderLock implements Closeable {
  /** The file that is locked; it holds the number of the process, for people. */
  public static final String NAME = "lock";

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks a folder that exists.
   *
   * @throws StoreRefusedException when another process (or another store in this one) has it
   */
  public static FolderLock take(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = tryLock(channel) != null;
      if (!locked) {
        throw new StoreRefusedException(
            "%s is in use by another process%s: stop that one, or name another folder"
                .formatted(folder, holder(file)));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              ("pid " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      return new FolderLock(channel);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process: for the caller the same as held by another.
      return null;
    }
  }

  private static String holder(Path file) {
    try {
      return " (" + Files.readString(file, StandardCharsets.US_ASCII).strip() + ")";
    } catch (IOException e) {
      // Only an aid to the reader of the message.
      return "";
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
