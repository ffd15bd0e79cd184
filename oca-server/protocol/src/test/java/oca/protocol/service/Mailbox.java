package oca.protocol.service;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** A Unix datagram socket that receives, as a service manager's does. One thread's. */
final class Mailbox implements AutoCloseable {
  private static final int RECEIVE_MILLIS = 10_000;
  private static final short POLLIN = 1;

  private final int socket;

  /**
   * @param name a path, or {@code @} and an abstract name
   */
  Mailbox(String name) throws Exception {
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    boolean isAbstract = name.startsWith("@");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(2 + path.length + (isAbstract ? 0 : 1), 2);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
      MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
      if (isAbstract) {
        address.set(ValueLayout.JAVA_BYTE, 2, (byte) 0);
      }
      socket = (int) call("socket", "iiii").invoke(1, 2, 0);
      int bound = (int) call("bind", "iiai").invoke(socket, address, (int) address.byteSize());
      if (bound != 0) {
        throw new IOException("bind " + name);
      }
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  /** The next datagram; waits for it. */
  String receive() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(8, 4);
      poll.set(ValueLayout.JAVA_INT, 0, socket);
      poll.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
      int ready = (int) call("poll", "iali").invoke(poll, 1L, RECEIVE_MILLIS);
      if (ready != 1) {
        throw new IOException("nothing came");
      }
      MemorySegment bytes = arena.allocate(4096);
      long length = (long) call("recv", "liali").invoke(socket, bytes, 4096L, 0);
      return new String(
          bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  /** The next datagram that has this in it. */
  String receiveUntil(String part) throws IOException {
    while (true) {
      String next = receive();
      if (next.contains(part)) {
        return next;
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      int _ = (int) call("close", "ii").invoke(socket);
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  /**
   * @param types of result and arguments: int, long or address
   */
  @SuppressWarnings("restricted")
  private static MethodHandle call(String name, String types) {
    Linker linker = Linker.nativeLinker();
    var layouts =
        types
            .chars()
            .mapToObj(
                it ->
                    switch (it) {
                      case 'i' -> ValueLayout.JAVA_INT;
                      case 'l' -> ValueLayout.JAVA_LONG;
                      default -> ValueLayout.ADDRESS;
                    })
            .toList();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(
            layouts.getFirst(),
            layouts.subList(1, layouts.size()).toArray(java.lang.foreign.MemoryLayout[]::new)));
  }
}
