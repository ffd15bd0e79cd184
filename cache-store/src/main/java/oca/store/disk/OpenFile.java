package oca.store.disk;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;

/**
 * An open file and its number.
 *
 * <p>The channel is shared between threads, and an ordinary file channel is closed for all of them
 * when one is interrupted in a read. So channels made here are switched to be uninterruptible,
 * which needs {@code --add-opens=java.base/sun.nio.ch}; the number needs {@code java.base/java.io}.
 * Both stand in packaging/jvm.options.
 *
 * @param channel for reading and writing by position
 * @param descriptor the operating system's number, for sendfile(2); -1 when there is none
 */
public record OpenFile(FileChannel channel, int descriptor) implements Closeable {
  private static final VarHandle NUMBER = number();

  /** Takes over a file: closing this closes it. */
  public static OpenFile of(RandomAccessFile file) throws IOException {
    FileChannel channel = file.getChannel();
    try {
      uninterruptible(channel);
      return new OpenFile(channel, (int) NUMBER.get(file.getFD()));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Takes over a channel whose number nobody needs. */
  static OpenFile withoutNumber(FileChannel channel) throws IOException {
    try {
      uninterruptible(channel);
      return new OpenFile(channel, -1);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static VarHandle number() {
    try {
      return MethodHandles.privateLookupIn(FileDescriptor.class, MethodHandles.lookup())
          .findVarHandle(FileDescriptor.class, "fd", int.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "java.io is not open to the store: start java with @jvm.options", e);
    }
  }

  private static void uninterruptible(FileChannel channel) throws IOException {
    try {
      Uninterruptible.SWITCH.invoke(channel);
    } catch (Throwable e) {
      throw new IOException("cannot make a file channel uninterruptible", e);
    }
  }

  /** Looked up once, from the class the JDK's channels have. */
  private static final class Uninterruptible {
    static final MethodHandle SWITCH = find();

    private static MethodHandle find() {
      try {
        Class<?> type = Class.forName("sun.nio.ch.FileChannelImpl");
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
            .findVirtual(type, "setUninterruptible", MethodType.methodType(void.class))
            .asType(MethodType.methodType(void.class, FileChannel.class));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "sun.nio.ch is not open to the store: start java with @jvm.options", e);
      }
    }
  }
}
