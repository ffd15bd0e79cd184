package oca.bench.serve;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The system calls of the client, on Linux with 64-bit offsets. One instance serves one thread: it
 * owns the memory where the kernel leaves errno. Calls answer an errno below zero when they fail.
 */
final class Calls {
  static final int EAGAIN = 11;
  static final int EPOLLIN = 1;

  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 0x800;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** Linux packs struct epoll_event on x86-64 alone. */
  private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

  private static final long EVENT_BYTES = PACKED ? 12 : 16;
  private static final long EVENT_DATA = PACKED ? 4 : 8;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_OF =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final MemoryLayout POINTER = ValueLayout.ADDRESS;

  private static final MethodHandle SOCKET =
      call("socket", FunctionDescriptor.of(INT, INT, INT, INT));
  private static final MethodHandle CONNECT =
      call("connect", FunctionDescriptor.of(INT, INT, POINTER, INT));
  private static final MethodHandle SETSOCKOPT =
      call("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, POINTER, INT));
  private static final MethodHandle SEND =
      call("send", FunctionDescriptor.of(LONG, INT, POINTER, LONG, INT));
  private static final MethodHandle RECV =
      call("recv", FunctionDescriptor.of(LONG, INT, POINTER, LONG, INT));
  private static final MethodHandle EPOLL_CREATE =
      call("epoll_create1", FunctionDescriptor.of(INT, INT));
  private static final MethodHandle EPOLL_CTL =
      call("epoll_ctl", FunctionDescriptor.of(INT, INT, INT, INT, POINTER));
  private static final MethodHandle EPOLL_WAIT =
      call("epoll_wait", FunctionDescriptor.of(INT, INT, POINTER, INT, INT));
  private static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(INT, INT));
  private static final MethodHandle FCNTL =
      function(
          LINKER.defaultLookup(),
          "fcntl",
          FunctionDescriptor.of(INT, INT, INT, INT),
          ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle OPEN =
      function(
          LINKER.defaultLookup(),
          "open",
          FunctionDescriptor.of(INT, POINTER, INT),
          ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle FADVISE =
      function(
          LINKER.defaultLookup(),
          "posix_fadvise",
          FunctionDescriptor.of(INT, INT, LONG, LONG, INT));

  private final MemorySegment state = Arena.ofAuto().allocate(STATE);
  private final MemorySegment scratch = Arena.ofAuto().allocate(16);
  private final MemorySegment events;
  private final int maxEvents;

  Calls(int maxEvents) {
    this.maxEvents = maxEvents;
    this.events = Arena.ofAuto().allocate(EVENT_BYTES * maxEvents, 8);
  }

  private static MethodHandle call(String name, FunctionDescriptor type) {
    return function(LINKER.defaultLookup(), name, type, ERRNO);
  }

  /** A library's function. */
  @SuppressWarnings("restricted") // jvm.options enables native access
  static MethodHandle function(
      SymbolLookup library, String name, FunctionDescriptor type, Linker.Option... options) {
    return LINKER.downcallHandle(library.findOrThrow(name), type, options);
  }

  /** A blocking socket connected to a port of 127.0.0.1, without Nagle's algorithm. */
  int connect(int port) throws IOException {
    try {
      int socket = checked("socket", (int) SOCKET.invokeExact(state, AF_INET, SOCK_STREAM, 0));
      ValueLayout.OfShort network =
          ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
      scratch.fill((byte) 0);
      scratch.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
      scratch.set(network, 2, (short) port);
      scratch.set(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 4, 0x7f000001);
      checked("connect", (int) CONNECT.invokeExact(state, socket, scratch, 16));
      scratch.set(INT, 0, 1);
      checked(
          "setsockopt",
          (int) SETSOCKOPT.invokeExact(state, socket, IPPROTO_TCP, TCP_NODELAY, scratch, 4));
      return socket;
    } catch (Throwable e) {
      throw passOn(e);
    }
  }

  void unblock(int socket) throws IOException {
    try {
      checked("fcntl", (int) FCNTL.invokeExact(state, socket, F_SETFL, O_NONBLOCK));
    } catch (Throwable e) {
      throw passOn(e);
    }
  }

  long send(int socket, MemorySegment bytes, long length) {
    try {
      return result(
          (long) SEND.invokeExact(state, socket, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  long receive(int socket, MemorySegment into, long length) {
    try {
      return result((long) RECV.invokeExact(state, socket, into, length, MSG_DONTWAIT));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Takes bytes off a TCP socket without copying them anywhere, see tcp(7) on MSG_TRUNC. */
  long discard(int socket, long length) {
    try {
      return result(
          (long)
              RECV.invokeExact(
                  state, socket, MemorySegment.NULL, length, MSG_DONTWAIT | MSG_TRUNC));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  int epoll() throws IOException {
    try {
      return checked("epoll_create1", (int) EPOLL_CREATE.invokeExact(state, 0));
    } catch (Throwable e) {
      throw passOn(e);
    }
  }

  /** Has a socket watched for bytes to read; {@code number} is what {@link #ready} answers. */
  void watch(int epoll, int socket, int number) throws IOException {
    try {
      events.set(INT, 0, EPOLLIN);
      events.set(ValueLayout.JAVA_LONG_UNALIGNED, EVENT_DATA, number);
      checked(
          "epoll_ctl", (int) EPOLL_CTL.invokeExact(state, epoll, EPOLL_CTL_ADD, socket, events));
    } catch (Throwable e) {
      throw passOn(e);
    }
  }

  /** How many sockets are ready, after at most so many milliseconds. */
  int await(int epoll, int millis) {
    try {
      return (int) EPOLL_WAIT.invokeExact(state, epoll, events, maxEvents, millis);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** The number of a socket that is ready. */
  int ready(int index) {
    return (int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, index * EVENT_BYTES + EVENT_DATA);
  }

  void close(int socket) {
    try {
      int ignored = (int) CLOSE.invokeExact(state, socket);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Opens a file that is there. */
  int open(MemorySegment path, int flags) throws IOException {
    try {
      return checked("open", (int) OPEN.invokeExact(state, path, flags));
    } catch (Throwable e) {
      throw passOn(e);
    }
  }

  /** posix_fadvise(2) over a whole file; the answer is an errno, 0 when it went well. */
  static int advise(int file, int advice) {
    try {
      return (int) FADVISE.invokeExact(file, 0L, 0L, advice);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  private int checked(String name, int returned) throws IOException {
    if (returned < 0) {
      throw new IOException(name + " failed with errno " + (int) ERRNO_OF.get(state, 0L));
    }
    return returned;
  }

  private long result(long returned) {
    return returned < 0 ? -(int) ERRNO_OF.get(state, 0L) : returned;
  }

  static IOException passOn(Throwable e) {
    return e instanceof IOException io ? io : new IOException(impossible(e));
  }

  /** The calls are native and throw nothing but what the virtual machine itself may. */
  static RuntimeException impossible(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a native call threw", e);
  }
}
