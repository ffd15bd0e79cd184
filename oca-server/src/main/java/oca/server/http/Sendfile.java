package oca.server.http;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The system calls that move bodies, on Linux with 64-bit offsets.
 *
 * <p>One instance serves one thread: it owns the memory where the kernel leaves errno. Addresses
 * are passed as numbers, since a pointer's parameter would make a segment for each call.
 */
final class Sendfile {
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 0x800;
  private static final int MSG_PEEK = 0x2;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_MORE = 0x8000;

  /** {@code ssize_t sendfile(int out_fd, int in_fd, off_t *offset, size_t count)}. */
  private static final MethodHandle SENDFILE =
      NativeCall.of(
          "sendfile",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          NativeCall.ERRNO);

  /** {@code ssize_t send(int sockfd, const void *buf, size_t len, int flags)}. */
  private static final MethodHandle SEND =
      NativeCall.of(
          "send",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT),
          NativeCall.ERRNO);

  /** {@code ssize_t recv(int sockfd, void *buf, size_t len, int flags)}. */
  private static final MethodHandle RECV =
      NativeCall.of(
          "recv",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT),
          NativeCall.ERRNO);

  /** {@code ssize_t pread(int fd, void *buf, size_t count, off_t offset)}. */
  private static final MethodHandle PREAD =
      NativeCall.of(
          "pread",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          NativeCall.ERRNO);

  /** {@code int fcntl(int fd, int cmd, ...)}. */
  private static final MethodHandle FCNTL =
      NativeCall.of(
          "fcntl",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT),
          NativeCall.ERRNO,
          Linker.Option.firstVariadicArg(2));

  private final MemorySegment state = NativeCall.newState();
  private final MemorySegment offset = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);

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
      return NativeCall.result(
          (long) SENDFILE.invokeExact(state, socket, file, offset.address(), count), state);
    } catch (Throwable e) {
      throw NativeCall.impossible(e);
    }
  }

  /**
   * Hands over the readable bytes of a direct buffer of one piece, and tells the kernel that a body
   * follows in the same segment. Does not move the reader index.
   *
   * @return the number of bytes taken, or an errno below zero
   */
  long sendHead(int socket, ByteBuf head) {
    // By address and not as segments, which would be garbage.
    long bytes = head.memoryAddress() + head.readerIndex();
    int flags = MSG_MORE | MSG_DONTWAIT | MSG_NOSIGNAL;
    try {
      return NativeCall.result(
          (long) SEND.invokeExact(state, socket, bytes, (long) head.readableBytes(), flags), state);
    } catch (Throwable e) {
      throw NativeCall.impossible(e);
    }
  }

  /**
   * Reads bytes of a file behind the readable bytes of a direct buffer of one piece that has room
   * for them. Does not move the writer index.
   *
   * @return the number of bytes read, 0 at the end of the file, or an errno below zero
   */
  long pread(int file, ByteBuf into, long position, int count) {
    long address = into.memoryAddress() + into.writerIndex();
    try {
      return NativeCall.result(
          (long) PREAD.invokeExact(state, file, address, (long) count, position), state);
    } catch (Throwable e) {
      throw NativeCall.impossible(e);
    }
  }

  /**
   * Looks at what a socket has to read, which stays there.
   *
   * @return 1 when there is something, 0 at the end, or an errno below zero
   */
  long peek(int socket) {
    try {
      return NativeCall.result(
          (long) RECV.invokeExact(state, socket, offset.address(), 1L, MSG_PEEK | MSG_DONTWAIT),
          state);
    } catch (Throwable e) {
      throw NativeCall.impossible(e);
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
      return NativeCall.result((int) FCNTL.invokeExact(state, socket, F_SETFL, O_NONBLOCK), state);
    } catch (Throwable e) {
      throw NativeCall.impossible(e);
    }
  }
}
