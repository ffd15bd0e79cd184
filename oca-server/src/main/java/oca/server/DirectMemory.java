package oca.server;

import io.netty.util.internal.PlatformDependent;

/**
 * What Netty has taken outside the heap: the one thing that the operator is told of it. Any thread.
 */
final class DirectMemory {
  private DirectMemory() {}

  /** In bytes; -1 when Netty leaves the counting to the JVM, whose buffer metrics tell it then. */
  static long usedBytes() {
    return PlatformDependent.usedDirectMemory();
  }

  /** In bytes. */
  static long limitBytes() {
    return PlatformDependent.maxDirectMemory();
  }
}
