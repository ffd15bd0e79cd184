package oca.protocol.service;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * Sends datagrams to a Unix socket, each through a socket of its own: there are a few a minute.
 *
 * <p>The address is a {@code sockaddr_un}: the family in two bytes of the machine's order, then the
 * path. A leading {@code @} stands for a zero byte: an address of the abstract namespace (unix(7)),
 * which is as long as it says and not ended by a zero.
 */
final class NotifySocket {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int FAMILY_BYTES = 2;
  private static final int PATH_BYTES = 108;

  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_OF =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET =
      call(
          "socket",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT));
  private static final MethodHandle SENDTO =
      call(
          "sendto",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT));
  private static final MethodHandle CLOSE =
      call("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private final String name;
  private final byte[] address;

  /**
   * Knows an address.
   *
   * @param name as NOTIFY_SOCKET has it: an absolute path, or {@code @} and an abstract name
   * @throws IOException when it is neither, or too long
   */
  NotifySocket(String name) throws IOException {
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    boolean isPath = name.startsWith("/");
    if (!isPath && !name.startsWith("@")) {
      throw new IOException("not an address of a Unix socket: " + name);
    }
    if (path.length >= PATH_BYTES) {
      throw new IOException("longer than the " + (PATH_BYTES - 1) + " bytes of a path: " + name);
    }
    this.name = name;
    this.address = new byte[path.length + (isPath ? 1 : 0)];
    System.arraycopy(path, 0, address, 0, path.length);
    if (!isPath) {
      address[0] = 0;
    }
  }

  /**
   * Sends one datagram.
   *
   * @throws IOException when nobody listens there, or the kernel refuses
   */
  void send(String text) throws IOException {
    byte[] message = text.getBytes(StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment bytes = arena.allocate(Math.max(1, message.length));
      MemorySegment.copy(message, 0, bytes, ValueLayout.JAVA_BYTE, 0, message.length);
      MemorySegment to = arena.allocate(FAMILY_BYTES + address.length, 2);
      to.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(address, 0, to, ValueLayout.JAVA_BYTE, FAMILY_BYTES, address.length);
      int socket = (int) SOCKET.invokeExact(state, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
      require(socket >= 0, "socket", state);
      try {
        long sent =
            (long)
                SENDTO.invokeExact(
                    state,
                    socket,
                    bytes,
                    (long) message.length,
                    MSG_NOSIGNAL,
                    to,
                    (int) to.byteSize());
        require(sent == message.length, "sendto " + name, state);
      } finally {
        int _ = (int) CLOSE.invokeExact(state, socket);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  private static void require(boolean worked, String what, MemorySegment state) throws IOException {
    if (!worked) {
      throw new IOException(what + " failed with errno " + (int) ERRNO_OF.get(state, 0L));
    }
  }

  @SuppressWarnings("restricted") // jvm.options enables native access
  private static MethodHandle call(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new UnsatisfiedLinkError("no " + name + " in the C library")),
        type,
        ERRNO);
  }

  /** The calls are native and throw nothing but what the virtual machine itself may. */
  private static RuntimeException impossible(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a native call threw", e);
  }
}
