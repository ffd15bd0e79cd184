package oca.server.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Says of files what a test wants; one for all threads. */
final class FakePages implements PageCache {
  private static final int EIO = 5;

  /** Files whose reads wait for a permit each. */
  final Map<Integer, Semaphore> slow = new ConcurrentHashMap<>();

  /** Files that cannot be read from there on. */
  final Map<Integer, Long> broken = new ConcurrentHashMap<>();

  /** Files that are in memory; all others are not until they are read. */
  final Map<Integer, Boolean> hot = new ConcurrentHashMap<>();

  final AtomicInteger begun = new AtomicInteger();
  final AtomicInteger withoutLease = new AtomicInteger();
  private final AtomicLong dice;
  private final int coldOfTen;
  private final Supplier<Integer> leases;

  /**
   * @param coldOfTen so many of ten answers are that it is not in memory, at random
   * @param leases tells how many are open
   */
  FakePages(long seed, int coldOfTen, Supplier<Integer> leases) {
    this.dice = new AtomicLong(seed);
    this.coldOfTen = coldOfTen;
    this.leases = leases;
  }

  @Override
  public boolean holds(int descriptor, long position, long length) {
    return hot.containsKey(descriptor)
        || Math.floorMod(new java.util.Random(dice.incrementAndGet()).nextInt(), 10) >= coldOfTen;
  }

  @Override
  public boolean isSettled(int descriptor, long position, long length) {
    return true;
  }

  @Override
  public long fetch(int descriptor, long position, long length) {
    begun.incrementAndGet();
    Semaphore permits = slow.get(descriptor);
    if (permits != null) {
      permits.acquireUninterruptibly();
    }
    if (leases.get() == 0) {
      withoutLease.incrementAndGet();
    }
    return position + length > broken.getOrDefault(descriptor, Long.MAX_VALUE) ? -EIO : 0;
  }
}
