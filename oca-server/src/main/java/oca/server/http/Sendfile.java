package oca.server.http;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The three system calls that bodies on io_uring need, on Linux with 64-bit offsets.
 *
 * <p>One instance serves one thread: it owns the memory where the kernel leaves errno.
 */
final class Sendfile {
  static final int EINTR = 4;
  static final int EAGAIN = 11;

  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 0x800;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_MORE = 0x8000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_OF =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** {@code ssize_t sendfile(int out_fd, int in_fd, off_t *offset, size_t count)}. */
  private static final MethodHandle SENDFILE =
      call(
          "sendfile",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG),
          ERRNO);

  /** {@code ssize_t send(int sockfd, const void *buf, size_t len, int flags)}. */
  private static final MethodHandle SEND =
      call(
          "send",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT),
          ERRNO);

  /** {@code int fcntl(int fd, int cmd, ...)}. */
  private static final MethodHandle FCNTL =
      call(
          "fcntl",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT),
          ERRNO,
          Linker.Option.firstVariadicArg(2));

  private final MemorySegment state = Arena.ofAuto().allocate(STATE);
  private final MemorySegment offset = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);

  @SuppressWarnings("restricted") // jvm.options enables native access
  private static MethodHandle call(String name, FunctionDescriptor type, Linker.Option... options) {
    return LINKER.downcallHandle(
        LINKER
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new UnsatisfiedLinkError("no " + name + " in the C library")),
        type,
        options);
  }

  /** Why these calls cannot be made on this system, or null when they can. */
  static @Nullable Throwable fault() {
    try {
      return SENDFILE.type().parameterCount() > 0 ? null : new UnsatisfiedLinkError();
    } catch (LinkageError e) {
      return e;
    }
  }

  /**
   * Hands bytes of a file to a socket that does not block.
   *
   * @return the number of bytes taken, 0 at the end of the file, or an errno below zero
   */
  long sendfile(int socket, int file, long position, long count) {
    offset.set(ValueLayout.JAVA_LONG, 0, position);
    try {
      return result((long) SENDFILE.invokeExact(state, socket, file, offset, count));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /**
   * Hands over the readable bytes of a direct buffer, and tells the kernel that a body follows in
   * the same segment. Does not move the reader index.
   *
   * @return the number of bytes taken, or an errno below zero
   */
  long sendHead(int socket, ByteBuf head) {
    MemorySegment bytes =
        MemorySegment.ofBuffer(head.nioBuffer(head.readerIndex(), head.readableBytes()));
    int flags = MSG_MORE | MSG_DONTWAIT | MSG_NOSIGNAL;
    try {
      return result((long) SEND.invokeExact(state, socket, bytes, bytes.byteSize(), flags));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /**
   * Makes calls on a socket return EAGAIN where they would wait. Netty leaves sockets accepted over
   * io_uring blocking, and sendfile(2) has no flag of its own against it.
   *
   * @return 0, or an errno below zero
   */
  long unblock(int socket) {
    try {
      return result((int) FCNTL.invokeExact(state, socket, F_SETFL, O_NONBLOCK));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  private long result(long returned) {
    return returned < 0 ? -(int) ERRNO_OF.get(state, 0L) : returned;
  }

  /** The calls are native and throw nothing but what the virtual machine itself may. */
  private static RuntimeException impossible(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a native call threw", e);
  }
}
