package oca.server.http;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Linux's page cache.
 *
 * <p>cachestat(2), of kernel 6.5, counts a range's pages that are in the cache in well below a
 * microsecond, and never starts a read. But it counts pages that are only on their way in as if
 * they were there. Of our own reads {@link Residency} keeps account. Those of others, a scrub or
 * the kernel's read-ahead, are found by samples: one byte of each {@link #STEP}, which they are
 * seldom shorter than, is read by preadv2(2) with RWF_NOWAIT, which answers EAGAIN to a page on its
 * way. A sample costs twice what the count of a small range does.
 *
 * <p>Without cachestat, on older kernels or where a seccomp filter or the file's owner forbids it,
 * the samples are taken closer and are all there is: a hole between two of them goes unseen, and
 * the event loop waits for it. Where a file system knows no RWF_NOWAIT either, all is taken to be
 * in memory. Each of the two is logged once.
 */
public final class KernelPageCache implements PageCache {
  private static final Logger log = LoggerFactory.getLogger(KernelPageCache.class);

  /** The kernel reads ahead in pieces of this size, unless it is told otherwise. */
  static final long STEP = 128 << 10;

  private static final long STEP_ALONE = 32 << 10;
  private static final long CACHESTAT_NUMBER = 451; // on all architectures
  private static final int RWF_NOWAIT = 8;
  private static final int SC_PAGESIZE = 30;
  private static final int WILLNEED = 3;
  private static final int O_WRONLY_CLOEXEC = 0x80001;

  /** {@code long syscall(long number, ...)}, with what cachestat takes. */
  private static final MethodHandle CACHESTAT =
      NativeCall.of(
          "syscall",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          NativeCall.ERRNO,
          Linker.Option.firstVariadicArg(1));

  /** {@code ssize_t preadv2(int fd, const struct iovec *iov, int iovcnt, off_t at, int flags)}. */
  private static final MethodHandle PREADV2 =
      NativeCall.of(
          "preadv2",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT),
          NativeCall.ERRNO);

  /** {@code int posix_fadvise(int fd, off_t offset, off_t len, int advice)}. */
  private static final MethodHandle FADVISE =
      NativeCall.of(
          "posix_fadvise",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));

  /** {@code int open(const char *path, int flags, ...)}. */
  private static final MethodHandle OPEN =
      NativeCall.of(
          "open",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          NativeCall.ERRNO,
          Linker.Option.firstVariadicArg(2));

  /** {@code long sysconf(int name)}. */
  private static final MethodHandle SYSCONF =
      NativeCall.of("sysconf", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

  private final Sendfile calls = new Sendfile();
  private final MemorySegment state = NativeCall.newState();

  /** {@code struct cachestat_range}: offset and length. */
  private final MemorySegment range = Arena.ofAuto().allocate(16, 8);

  /** {@code struct cachestat}: pages in the cache, and four numbers more. */
  private final MemorySegment counts = Arena.ofAuto().allocate(40, 8);

  /** {@code struct iovec} of one byte, and behind it the byte. */
  private final MemorySegment sample = Arena.ofAuto().allocate(24, 8);

  private final Shared shared;

  /** What all instances know together. */
  private record Shared(
      int pageShift, AtomicBoolean counting, AtomicBoolean told, AtomicBoolean blind) {}

  private KernelPageCache(Shared shared) {
    this.shared = shared;
    sample.set(ValueLayout.JAVA_LONG, 0, sample.address() + 16);
    sample.set(ValueLayout.JAVA_LONG, 8, 1);
  }

  /** Makes instances, one for each thread that asks; one factory serves for the process. */
  public static Supplier<PageCache> instances() {
    Shared shared =
        new Shared(
            Long.numberOfTrailingZeros(pageBytes()),
            new AtomicBoolean(true),
            new AtomicBoolean(),
            new AtomicBoolean());
    return () -> new KernelPageCache(shared);
  }

  private static long pageBytes() {
    try {
      return (long) SYSCONF.invokeExact(SC_PAGESIZE);
    } catch (Throwable e) {
      throw NativeCall.impossible(e);
    }
  }

  /** Where bytes go that are read only to be in memory; open as long as the process. */
  private static final class Nowhere {
    static final int DESCRIPTOR = open();

    private static int open() {
      MemorySegment state = NativeCall.newState();
      long number;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment path = arena.allocateFrom("/dev/null");
        number = NativeCall.result((int) OPEN.invokeExact(state, path, O_WRONLY_CLOEXEC), state);
      } catch (Throwable e) {
        throw NativeCall.impossible(e);
      }
      if (number < 0) {
        throw new IllegalStateException("/dev/null does not open: errno " + -number);
      }
      return (int) number;
    }
  }

  @Override
  public boolean holds(int descriptor, long position, long length) {
    if (shared.counting.get()) {
      long held = count(descriptor, position, length);
      if (held >= 0) {
        return held >= pages(position, length);
      }
      withoutCount(-held);
    }
    return samples(descriptor, position, length, STEP_ALONE);
  }

  @Override
  public boolean isSettled(int descriptor, long position, long length) {
    return samples(descriptor, position, length, STEP);
  }

  private long pages(long position, long length) {
    return ((position + length - 1) >> shared.pageShift) - (position >> shared.pageShift) + 1;
  }

  private long count(int descriptor, long position, long length) {
    range.set(ValueLayout.JAVA_LONG, 0, position);
    range.set(ValueLayout.JAVA_LONG, 8, length);
    try {
      long result =
          NativeCall.result(
              (long)
                  CACHESTAT.invokeExact(
                      state,
                      CACHESTAT_NUMBER,
                      (long) descriptor,
                      range.address(),
                      counts.address(),
                      0L),
              state);
      return result < 0 ? result : counts.get(ValueLayout.JAVA_LONG, 0);
    } catch (Throwable e) {
      throw NativeCall.impossible(e);
    }
  }

  private void withoutCount(long errno) {
    if (errno == Errno.ENOSYS) {
      shared.counting.set(false);
    }
    if (shared.told.compareAndSet(false, true)) {
      log.info(
          "cachestat answers errno {}{}: whether files are in memory is found out by samples",
          errno,
          errno == Errno.ENOSYS ? " (kernel before 6.5)" : "");
    }
  }

  /** From the end, where what is being read comes in last. */
  private boolean samples(int descriptor, long position, long length, long step) {
    for (long at = position + length - 1; at >= position; at -= step) {
      if (!isReadable(descriptor, at)) {
        return false;
      }
    }
    return true;
  }

  private boolean isReadable(int descriptor, long position) {
    long result;
    try {
      result =
          NativeCall.result(
              (long)
                  PREADV2.invokeExact(state, descriptor, sample.address(), 1, position, RWF_NOWAIT),
              state);
    } catch (Throwable e) {
      throw NativeCall.impossible(e);
    }
    if (result == -Errno.EOPNOTSUPP && shared.blind.compareAndSet(false, true)) {
      log.warn("a file system knows no RWF_NOWAIT: its files are taken to be in memory");
    }
    // Any other error is for whoever reads in earnest to find.
    return result != -Errno.EAGAIN && result != -Errno.EINTR;
  }

  @Override
  public long fetch(int descriptor, long position, long length) {
    try {
      // All of it in one go; what follows would read in the kernel's small steps. Its result does
      // not matter: it is advice.
      int _ = (int) FADVISE.invokeExact(descriptor, position, length, WILLNEED);
    } catch (Throwable e) {
      throw NativeCall.impossible(e);
    }
    long at = position;
    while (at < position + length) {
      // Waits for each page and copies none.
      long read = calls.sendfile(Nowhere.DESCRIPTOR, descriptor, at, position + length - at);
      if (read == 0) {
        return 0;
      }
      if (read < 0 && read != -Errno.EINTR) {
        return read;
      }
      at += Math.max(0, read);
    }
    return 0;
  }
}
