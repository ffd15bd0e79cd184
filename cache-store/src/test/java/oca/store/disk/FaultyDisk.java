package oca.store.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls to a disk, those on its open files included, and lets chosen ones fail.
 *
 * <p>Calls are numbered from 1 in the order in which they begin. A fault that cannot befall a call
 * (a short read a rename) leaves it alone. Files are closed whatever becomes of the call, as on
 * Linux. Safe on any thread.
 */
public final class FaultyDisk implements Disk {
  /** What becomes of a call. */
  public enum Fault {
    /** It does nothing and fails with "Input/output error". */
    EIO,
    /** Reading bytes fails with "Input/output error". */
    EIO_READ,
    /** Listing a folder fails with "Input/output error". */
    EIO_LIST,
    /** It is done and fails all the same: the answer got lost. */
    EIO_AFTERWARDS,
    /** What needs room fails: nothing is written. */
    ENOSPC,
    /** What would change the disk fails: it has become read-only. */
    EROFS,
    /** A read gives one byte less than half of what was asked for, at least one. */
    SHORT_READ,
    /** A write takes about half of the bytes and says so. */
    SHORT_WRITE,
    /** A write takes about half of the bytes and fails. */
    TORN_WRITE,
    /** It waits until {@link #release}, and is done then. */
    HANG,
    /** Listing a folder waits until {@link #release}. */
    HANG_LIST
  }

  /** The kinds of calls, as far as faults tell them apart. */
  private enum Call {
    LOOK,
    LIST,
    READ,
    WRITE,
    GROW,
    CHANGE,
    SYNC,
    CLOSE
  }

  private record Plan(long from, long to, Fault fault, Predicate<Path> where) {}

  private record Traced(Call kind, Path path) {}

  private final Disk disk;
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong struck = new AtomicLong();
  private final AtomicInteger hanging = new AtomicInteger();
  private final AtomicInteger openChannels = new AtomicInteger();
  private final Object gate = new Object();
  private final AtomicReference<String> victim = new AtomicReference<>("none");
  private volatile @Nullable Plan plan;
  private volatile @Nullable Map<Long, Traced> traced;

  /**
   * @param disk what does the work
   */
  public FaultyDisk(Disk disk) {
    this.disk = disk;
  }

  /** How many calls have begun. */
  public long calls() {
    return calls.get();
  }

  /** How many calls a fault has befallen. */
  public long struck() {
    return struck.get();
  }

  /** Writes down from now on what each call is. */
  public void trace() {
    traced = new ConcurrentSkipListMap<>();
  }

  /** Whether a call that was written down is one that a fault can befall, at such a path. */
  public boolean mayStrike(long call, Fault fault, Predicate<Path> where) {
    @Nullable Traced found = traced == null ? null : traced.get(call);
    return found != null && befalls(fault, found.kind()) && where.test(found.path());
  }

  /** The last call that a fault has befallen, for messages. */
  public String victim() {
    return victim.get();
  }

  /** How many calls wait in a hang. */
  public int hanging() {
    return hanging.get();
  }

  /** Channels that were opened and not closed. */
  public int openChannels() {
    return openChannels.get();
  }

  /** Lets call number {@code n} fail, and no other. */
  public void failAt(long n, Fault fault) {
    plan = new Plan(n, n, fault, path -> true);
  }

  /** Lets all calls from number {@code n} on fail, until {@link #heal}. */
  public void failFrom(long n, Fault fault) {
    plan = new Plan(n, Long.MAX_VALUE, fault, path -> true);
  }

  /** Lets all calls for paths below a folder fail from now on, until {@link #heal}. */
  public void failBelow(Path folder, Fault fault) {
    plan = new Plan(0, Long.MAX_VALUE, fault, path -> path.startsWith(folder));
  }

  /** Lets one folder not be listed from now on, until {@link #heal}. */
  public void failList(Path folder) {
    plan = new Plan(0, Long.MAX_VALUE, Fault.EIO_LIST, folder::equals);
  }

  /** No more faults; what hangs goes on hanging. */
  public void heal() {
    plan = null;
  }

  /** No more faults, and what hangs is done. */
  public void release() {
    heal();
    synchronized (gate) {
      gate.notifyAll();
    }
  }

  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> T call(Call kind, Path path, Work<T> work) throws IOException {
    @Nullable Fault fault = next(kind, path);
    if (fault == null) {
      return work.run();
    }
    return switch (fault) {
      case EIO, EIO_READ, EIO_LIST -> throw failed(path, "Input/output error");
      case EIO_AFTERWARDS -> {
        if (work.run() instanceof Closeable opened) {
          opened.close();
        }
        throw failed(path, "Input/output error");
      }
      case ENOSPC -> throw failed(path, "No space left on device");
      case EROFS -> throw failed(path, "Read-only file system");
      case HANG, HANG_LIST -> {
        hang();
        yield work.run();
      }
      case SHORT_READ, SHORT_WRITE, TORN_WRITE -> work.run();
    };
  }

  /** Counts a call; the fault that befalls it. */
  private @Nullable Fault next(Call kind, Path path) {
    long number = calls.incrementAndGet();
    @Nullable Map<Long, Traced> log = traced;
    if (log != null) {
      log.put(number, new Traced(kind, path));
    }
    @Nullable Plan now = plan;
    if (now == null
        || number < now.from()
        || number > now.to()
        || !now.where().test(path)
        || !befalls(now.fault(), kind)) {
      return null;
    }
    struck.incrementAndGet();
    victim.set("%s of call %d, %s %s".formatted(now.fault(), number, kind, path));
    return now.fault();
  }

  private static boolean befalls(Fault fault, Call kind) {
    return switch (fault) {
      case EIO, EIO_AFTERWARDS, HANG -> true;
      case ENOSPC ->
          switch (kind) {
            case WRITE, GROW, SYNC -> true;
            case LOOK, LIST, READ, CHANGE, CLOSE -> false;
          };
      case EROFS ->
          switch (kind) {
            case WRITE, GROW, CHANGE, SYNC -> true;
            case LOOK, LIST, READ, CLOSE -> false;
          };
      case HANG_LIST, EIO_LIST -> kind == Call.LIST;
      case SHORT_READ, EIO_READ -> kind == Call.READ;
      case SHORT_WRITE, TORN_WRITE -> kind == Call.WRITE;
    };
  }

  private void hang() {
    hanging.incrementAndGet();
    boolean interrupted = false;
    synchronized (gate) {
      while (plan != null) {
        try {
          gate.wait();
        } catch (InterruptedException e) {
          // A thread in an uninterruptible sleep of the kernel does not wake up for this.
          interrupted = true;
        }
      }
    }
    hanging.decrementAndGet();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static IOException failed(Path path, String reason) {
    return new FileSystemException(path.toString(), null, reason);
  }

  @Override
  public OpenFile open(Path path, Mode mode) throws IOException {
    Call kind = mode == Mode.WRITE && disk.kind(path) == Kind.MISSING ? Call.GROW : Call.LOOK;
    return call(
        kind,
        path,
        () -> {
          OpenFile inner = disk.open(path, mode);
          return new OpenFile(new FaultyChannel(inner, path), inner.descriptor());
        });
  }

  @Override
  public void allocate(OpenFile file, long bytes) throws IOException {
    FaultyChannel channel = (FaultyChannel) file.channel();
    call(
        Call.GROW,
        channel.path,
        () -> {
          disk.allocate(channel.inner, bytes);
          return true;
        });
  }

  @Override
  public boolean inMemory(OpenFile file, long position, long bytes) {
    return disk.inMemory(((FaultyChannel) file.channel()).inner, position, bytes);
  }

  @Override
  public void leaveMemory(OpenFile file, long position, long bytes) {
    disk.leaveMemory(((FaultyChannel) file.channel()).inner, position, bytes);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    call(
        Call.CHANGE,
        from,
        () -> {
          disk.rename(from, to);
          return true;
        });
  }

  @Override
  public boolean delete(Path path) throws IOException {
    return call(Call.CHANGE, path, () -> disk.delete(path));
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    return call(Call.LIST, folder, () -> disk.list(folder));
  }

  @Override
  public void makeFolder(Path folder) throws IOException {
    Call kind = disk.kind(folder) == Kind.MISSING ? Call.GROW : Call.LOOK;
    call(
        kind,
        folder,
        () -> {
          disk.makeFolder(folder);
          return true;
        });
  }

  @Override
  public Kind kind(Path path) throws IOException {
    return call(Call.LOOK, path, () -> disk.kind(path));
  }

  @Override
  public long size(Path path) throws IOException {
    return call(Call.LOOK, path, () -> disk.size(path));
  }

  @Override
  public long modified(Path path) throws IOException {
    return call(Call.LOOK, path, () -> disk.modified(path));
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    call(
        Call.SYNC,
        folder,
        () -> {
          disk.syncFolder(folder);
          return true;
        });
  }

  @Override
  public long usableBytes(Path folder) throws IOException {
    return call(Call.LOOK, folder, () -> disk.usableBytes(folder));
  }

  @Override
  public boolean isMountPoint(Path folder) throws IOException {
    return call(Call.LOOK, folder, () -> disk.isMountPoint(folder));
  }

  @Override
  public Closeable lock(Path folder) throws IOException {
    return call(Call.LOOK, folder, () -> disk.lock(folder));
  }

  private final class FaultyChannel extends PositionalChannel {
    private final OpenFile inner;
    private final Path path;

    FaultyChannel(OpenFile inner, Path path) {
      this.inner = inner;
      this.path = path;
      openChannels.incrementAndGet();
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
      requireOpen();
      return part(Call.READ, bytes, some -> inner.channel().read(some, position));
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
      requireOpen();
      return part(Call.WRITE, bytes, some -> inner.channel().write(some, position));
    }

    /** All of a transfer, or with some faults only the first half. */
    private int part(Call kind, ByteBuffer bytes, Transfer transfer) throws IOException {
      @Nullable Fault fault = next(kind, path);
      if (fault == null) {
        return transfer.run(bytes);
      }
      return switch (fault) {
        case EIO, EIO_READ, EIO_LIST -> throw failed("Input/output error");
        case EIO_AFTERWARDS -> {
          transfer.run(bytes);
          throw failed("Input/output error");
        }
        case ENOSPC -> throw failed("No space left on device");
        case EROFS -> throw failed("Read-only file system");
        case HANG, HANG_LIST -> {
          hang();
          yield transfer.run(bytes);
        }
        case SHORT_READ, SHORT_WRITE -> half(bytes, transfer);
        case TORN_WRITE -> {
          half(bytes, transfer);
          throw failed("Input/output error");
        }
      };
    }

    private static int half(ByteBuffer bytes, Transfer transfer) throws IOException {
      int end = bytes.limit();
      if (bytes.remaining() > 1) {
        bytes.limit(bytes.position() + Math.max(1, bytes.remaining() / 2 - 1));
      }
      try {
        return transfer.run(bytes);
      } finally {
        bytes.limit(end);
      }
    }

    /** The JDK's channels say nothing but the text of errno. */
    private static IOException failed(String reason) {
      return new IOException(reason);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      requireOpen();
      call(
          Call.CHANGE,
          path,
          () -> {
            inner.channel().truncate(size);
            return true;
          });
      return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      requireOpen();
      call(
          Call.SYNC,
          path,
          () -> {
            inner.channel().force(metaData);
            return true;
          });
    }

    @Override
    public long size() throws IOException {
      requireOpen();
      return call(Call.LOOK, path, () -> inner.channel().size());
    }

    @Override
    protected void implCloseChannel() throws IOException {
      try {
        call(Call.CLOSE, path, () -> true);
      } finally {
        openChannels.decrementAndGet();
        inner.close();
      }
    }
  }

  private interface Transfer {
    int run(ByteBuffer bytes) throws IOException;
  }
}
