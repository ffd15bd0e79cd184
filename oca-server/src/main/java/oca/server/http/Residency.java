package oca.server.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;

/**
 * Keeps event loops from waiting for disks. Before bytes of a file are sent, or copied, its event
 * loop asks here whether they are in memory; what is not is read by threads of the file's volume,
 * and sent then. So one slow or hung disk holds up only the answers that need it.
 *
 * <p>This is the asynchronous sendfile of FreeBSD (Smirnoff, "New sendfile(2)", 2016), where the
 * kernel itself goes on with the sending once the pages are in, rebuilt outside of the kernel. What
 * cannot be had here is certainty: a page may be evicted between the question and the send, and the
 * event loop waits for that one; the more so the longer what was asked for lies around, hence
 * {@link Supply} asks again.
 *
 * <p>The same threads compare whole blocks with their checksums before a byte of them is sent, and
 * remember which were: what a disk has changed does not leave ({@link oca.store.BlockChecks}, where
 * it stands what this cannot see). Blocks that are in memory and were compared cost a look at a bit
 * and no more, so bodies go from the page cache to the socket as ever.
 *
 * <p>A body that is sent piece by piece uses a {@link Supply}. Who needs no more than one range now
 * and then, as one that copies, asks {@link #whenResident}. Safe on any thread.
 */
final class Residency implements AutoCloseable {
  private final ReadingConfig config;
  private final Supplier<PageCache> caches;
  private final ReadingTally tally = new ReadingTally();

  /** As many as there ever were volumes. */
  private final Map<Object, DiskReader> readers = new ConcurrentHashMap<>();

  private volatile boolean closed;

  /**
   * @param caches makes one for each thread that asks or reads
   */
  Residency(ReadingConfig config, Supplier<PageCache> caches) {
    this.config = config;
    this.caches = caches;
  }

  ReadingConfig config() {
    return config;
  }

  ReadingTally tally() {
    return tally;
  }

  /** A page cache for one thread to ask by. */
  PageCache newCache() {
    return caches.get();
  }

  /** Whether anything is asked at all. */
  boolean isOn() {
    return config.threadsPerVolume() > 0;
  }

  /**
   * Whether bytes of a file can be sent as they are: they are in memory, and were compared with
   * their checksums since. Takes no lock and makes no garbage.
   */
  boolean isResident(PageCache cache, FileLease lease, long position, long length) {
    int descriptor = lease.descriptor();
    if (!cache.holds(descriptor, position, length)) {
      lease.checks().forget(position, length);
      return false;
    }
    // Only now: of what is on its way in, it is forgotten before it is asked of the disk.
    if (!lease.checks().covers(position, length)) {
      return false;
    }
    DiskReader reader = readers.get(lease.volume());
    return reader == null
        || reader.isIdle()
        || (!reader.isReading(descriptor, position, length)
            && cache.isSettled(descriptor, position, length));
  }

  /**
   * Has bytes of a file read into memory by the threads of its volume.
   *
   * @param lease is shared for as long as that takes; the caller's own is not touched
   * @param always although as many reads of the volume wait as may; for answers that have begun
   * @param loop where the waiter is told
   * @return null when too many wait
   */
  @Nullable Fetch fetch(
      FileLease lease,
      long position,
      long length,
      boolean always,
      Executor loop,
      Fetch.Waiter waiter) {
    if (closed) {
      return null;
    }
    Fetch fetch = new Fetch(lease.share(), position, length, loop, waiter);
    if (reader(lease.volume()).offer(fetch, always)) {
      return fetch;
    }
    fetch.cancel();
    return null;
  }

  /** Nobody waits for a read any more. */
  void withdraw(FileLease lease, Fetch fetch) {
    reader(lease.volume()).withdraw(fetch);
  }

  /**
   * Runs an action as soon as bytes of a file are in memory: now, if they are, else on the loop
   * once they were read. For bodies that copy, which then read at most that range before they ask
   * again.
   *
   * @param cache the event loop's own
   * @param lease the caller's; it may be closed before the action runs, which then has to see to it
   *     that it uses the file no more
   * @param begun whether part of the answer was sent; if so it may always wait
   * @param then given null, or why the file could not be read (the store was told)
   * @return false when too many reads of the volume wait, and the action is not run
   */
  boolean whenResident(
      PageCache cache,
      FileLease lease,
      long position,
      long length,
      boolean begun,
      Executor loop,
      java.util.function.Consumer<@Nullable ContentReadException> then) {
    if (!isOn() || isResident(cache, lease, position, length)) {
      then.accept(null);
      return true;
    }
    long since = System.nanoTime();
    Fetch.Waiter waiter =
        fetch -> {
          tally.waited(System.nanoTime() - since);
          then.accept(fetch.fault());
        };
    boolean taken = fetch(lease, position, length, begun, loop, waiter) != null;
    if (!taken) {
      tally.refused();
    }
    return taken;
  }

  private DiskReader reader(Object volume) {
    DiskReader known = readers.get(volume);
    return known != null ? known : readers.computeIfAbsent(volume, _ -> newReader());
  }

  private DiskReader newReader() {
    DiskReader made = new DiskReader(config, caches, tally);
    made.start();
    return made;
  }

  /** What was read since the start. */
  ReadingTotals totals() {
    return tally.totals(readers.values().stream().mapToInt(DiskReader::queued).sum());
  }

  /** Drops the reads that wait; those under way end when their disks let them. */
  @Override
  public void close() {
    closed = true;
    readers.values().forEach(DiskReader::close);
  }
}
