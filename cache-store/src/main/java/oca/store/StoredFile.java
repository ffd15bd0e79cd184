package oca.store;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import oca.store.disk.ContentFile;
import oca.store.disk.OpenFile;
import oca.store.disk.Volume;
import org.jspecify.annotations.Nullable;

/**
 * One file on a volume, its descriptor, and the count of leases that keep the descriptor open.
 *
 * <p>All of that is one number, changed by compare-and-set, so that taking and giving back a lease
 * needs no lock:
 *
 * <pre>
 *   CLOSED  --opened()-->  0 leases  --lease()-->  1, 2, 3 ... leases  --close-->  0
 *     ^                      |   |                        |
 *     +------park()----------+   +--discard()--> GONE     +--discard()--> leases, DISCARDED
 *                                                                           |  last close
 *                                                          GONE  <----------+
 * </pre>
 *
 * The thread whose step leads to GONE hands the descriptor to the volume's chores thread to be
 * closed (closing the last descriptor of an unlinked file is when the file system frees its blocks,
 * which takes long) and only then is the space given back.
 */
final class StoredFile implements Entry {
  private static final int CLOSED = -1;
  private static final int GONE = -2;
  private static final int DISCARDED = 1 << 30;
  private static final VarHandle STATE = handle();

  private final ContentMeta meta;
  private final ContentFile.Header header;
  private final Shelf shelf;
  private final OpenFiles openFiles;
  private final AtomicBoolean opening = new AtomicBoolean();
  private volatile EvictionPolicy.@Nullable Touch touch;
  private volatile @Nullable OpenFile open;
  private volatile boolean used;
  private volatile boolean freesSpace;
  private volatile int state = CLOSED;

  StoredFile(ContentMeta meta, ContentFile.Header header, Shelf shelf, OpenFiles openFiles) {
    this.meta = meta;
    this.header = header;
    this.shelf = shelf;
    this.openFiles = openFiles;
  }

  ContentMeta meta() {
    return meta;
  }

  ContentFile.Header header() {
    return header;
  }

  Shelf shelf() {
    return shelf;
  }

  /** What it takes on disk, in bytes. */
  long footprint() {
    return Volume.footprint(header.length(), header.blockBytes());
  }

  @Override
  public Lookup lookup() {
    EvictionPolicy.Touch told = touch;
    if (told != null) {
      told.hit();
    }
    if (!shelf.volume().inService()) {
      return Lookup.Miss.MISS;
    }
    @Nullable FileLease lease = lease();
    if (lease == null) {
      openSoon();
      return Lookup.Miss.MISS;
    }
    return new Lookup.Hit(lease);
  }

  /** A lease, or null when there is no open descriptor. */
  @Nullable FileLease lease() {
    if (!used) {
      used = true;
    }
    while (true) {
      int now = state;
      if (now < 0 || (now & DISCARDED) != 0) {
        return null;
      }
      if (STATE.compareAndSet(this, now, now + 1)) {
        return new FileLease(this, Objects.requireNonNull(open));
      }
    }
  }

  /** Gives one lease back. */
  void release() {
    int left = (int) STATE.getAndAdd(this, -1) - 1;
    if (left == DISCARDED && STATE.compareAndSet(this, DISCARDED, GONE)) {
      shelf.chore(this::finish);
    }
  }

  /** Whether somebody reads it now. */
  boolean leased() {
    int now = state;
    return now > 0 && now != DISCARDED;
  }

  /** Hits are told there from now on. */
  void touches(EvictionPolicy.Touch told) {
    touch = told;
  }

  /**
   * Hands over an open descriptor.
   *
   * @return false when the file is open or gone already; the caller closes what it opened
   */
  synchronized boolean opened(OpenFile file) {
    // Only the steps out of CLOSED can come in between, and they are taken under this monitor.
    if (state != CLOSED) {
      return false;
    }
    open = file;
    return STATE.compareAndSet(this, CLOSED, 0);
  }

  /** Closes the descriptor if nobody reads, for others to use; the file stays. */
  synchronized boolean park() {
    if (!STATE.compareAndSet(this, 0, CLOSED)) {
      return false;
    }
    closeDescriptor();
    return true;
  }

  /**
   * Ends this file for all but those who hold a lease. The caller took it out of the table and
   * unlinked it, or leaves it where it is. Blocks: without leases the space is free on return.
   *
   * @param frees whether its space on the volume is free once the last lease is closed
   */
  void discard(boolean frees) {
    freesSpace = frees;
    if (endsNow()) {
      finish();
    }
  }

  /** Takes the step to GONE, or to DISCARDED while there are leases; true for the former. */
  private synchronized boolean endsNow() {
    while (true) {
      int now = state;
      if (now == GONE || (now > 0 && (now & DISCARDED) != 0)) {
        return false;
      }
      boolean last = now <= 0;
      if (STATE.compareAndSet(this, now, last ? GONE : now | DISCARDED)) {
        return last;
      }
    }
  }

  /** Whether it was looked up since this was last asked. */
  boolean wasUsed() {
    boolean was = used;
    used = false;
    return was;
  }

  /** A read failed: the volume's budget is charged and the file checked, on another thread. */
  void readFailed(IOException error) {
    openFiles.readFailed(this, error);
  }

  private void openSoon() {
    if (state == CLOSED
        && opening.compareAndSet(false, true)
        && !shelf.offerOpening(
            () -> {
              opening.set(false);
              openFiles.open(this);
            })) {
      // Too many wait: the next lookup asks again.
      opening.set(false);
    }
  }

  private void finish() {
    if (open != null) {
      closeDescriptor();
      openFiles.closed(this);
    }
    if (freesSpace) {
      shelf.volume().release(footprint());
    }
  }

  private void closeDescriptor() {
    OpenFile file = open;
    open = null;
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      shelf.charge(e);
    }
  }

  private static VarHandle handle() {
    try {
      return MethodHandles.lookup().findVarHandle(StoredFile.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What a file's header says of its content. */
  static ContentMeta meta(ContentFile.Header header) {
    return new ContentMeta(
        new ContentKey(header.high(), header.low()),
        header.length(),
        header.sha256(),
        header.mediaType(),
        header.modifiedSecond());
  }
}
