package oca.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a folder to one process; the operating system lets go of it when the process dies. */
public final class FolderLock implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(FolderLock.class);

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
      sign(channel);
      return new FolderLock(channel);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  /**
   * Keeps a folder from being taken by others, without a change to it; others may share it. When
   * nobody has ever locked the folder there is nothing to keep.
   *
   * @throws StoreRefusedException when somebody has taken it
   */
  public static Closeable share(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return () -> {};
    }
    boolean locked = false;
    try {
      locked = tryShare(channel);
      if (!locked) {
        throw new StoreRefusedException(
            "%s is in use%s: stop the appliance first".formatted(folder, holder(file)));
      }
      return channel;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static boolean tryShare(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, true) != null;
    } catch (OverlappingFileLockException e) {
      // Held by this very process: for the caller the same as held by another.
      return false;
    }
  }

  private static void sign(FileChannel channel) {
    try {
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              ("pid " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      // The lock is held all the same; a full disk must not keep its volume from opening.
      log.debug("cannot write who holds a lock", e);
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
