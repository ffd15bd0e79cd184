package oca.bench.serve;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import oca.server.http.HttpListener;

/**
 * What a server of ours holds, in bytes.
 *
 * @param usedHeap live objects, as good as a collection can tell
 * @param heap that the JVM keeps committed
 * @param directPool direct memory that the listener's pool has taken, in use or not
 * @param directBuffers direct memory of buffers that are no part of the pool
 */
record ServerMemory(long usedHeap, long heap, long directPool, long directBuffers) {

  /** After a collection; the second one takes what was finished by the first. */
  static ServerMemory collected(HttpListener listener) {
    System.gc();
    System.gc();
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    long buffers =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return new ServerMemory(heap.getUsed(), heap.getCommitted(), listener.directMemory(), buffers);
  }
}
