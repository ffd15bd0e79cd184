package oca.server.http;

import io.netty.buffer.PooledByteBufAllocator;

/**
 * Where the buffers of a listener come from.
 *
 * <p>Pooled, and not adaptive as Netty 4.2 has it unless told otherwise: the adaptive allocator has
 * open reports of direct memory that grows and stays, while the pooled one's arenas are old,
 * bounded by what is in use, and can be asked how much that is. One arena for each event loop, so
 * that loops do not wait for each other; arenas grow by chunks of 4 MiB. No heap arenas: nothing
 * here is read into the heap.
 *
 * <p>All of it is direct memory and counts against {@code -XX:MaxDirectMemorySize} (see {@code
 * packaging/jvm.options}): an allocation beyond it fails and costs its connection. What can be in
 * use at once is bounded by the configuration: for each connection over TLS a piece and a quarter
 * ({@link CopyBody}), for each of HTTP/2 its buffer and the heads of its streams ({@link
 * Http2Config}), for any other a read and a head.
 */
final class Memory {
  private static final int PAGE = 8192;
  private static final int CHUNK_ORDER = 9;
  private static final int SMALL_CACHED = 256;
  private static final int NORMAL_CACHED = 64;

  private Memory() {}

  /** An allocator for so many event loops. */
  static PooledByteBufAllocator forLoops(int loops) {
    return new PooledByteBufAllocator(
        true, 0, loops, PAGE, CHUNK_ORDER, SMALL_CACHED, NORMAL_CACHED, false);
  }
}
