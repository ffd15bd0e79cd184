package oca.store;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Objects;
import oca.store.disk.ContentFile;
import oca.store.disk.OpenFile;
import oca.store.disk.Volume;
import oca.store.evict.EvictionPolicy;
import org.jspecify.annotations.Nullable;

/**
 * One file on a volume, its descriptor, and the count of leases that keep the descriptor open.
 * There are millions of these, so what can be made anew is not kept.
 *
 * <p>Descriptor and leases are one number, changed by compare-and-set, so that taking and giving
 * back a lease needs no lock:
 *
 * <pre>
 *   CLOSED  --opened()-->  0 leases  --lease()-->  1, 2, 3 ... leases  --release-->  0
 *     ^                      |   |                        |
 *     +------park()----------+   +--discard()--> GONE     +--discard()--> leases, DISCARDED
 *                                                                           |  last release
 *                                                          GONE  <----------+
 * </pre>
 *
 * The thread whose step leads to GONE hands the descriptor to the volume's thread for departures to
 * be closed (closing the last descriptor of an unlinked file is when the file system frees its
 * blocks, which takes long) and only then is the space given back.
 */
final class StoredFile implements Entry {
  private static final int CLOSED = -1;
  private static final int GONE = -2;
  private static final int DISCARDED = 1 << 30;
  private static final VarHandle STATE = handle("state", int.class);
  private static final VarHandle OPENING = handle("opening", boolean.class);

  private final long high;
  private final long low;
  private final Shelf shelf;
  private final String mediaType;
  private final long length;
  private final long modifiedSecond;
  private final long sha0;
  private final long sha1;
  private final long sha2;
  private final long sha3;
  private final int blockBytes;
  private volatile int state = CLOSED;
  private EvictionPolicy.@Nullable Place place;
  private volatile @Nullable SharedLease open;
  private volatile boolean used;
  private volatile boolean freesSpace;
  private volatile boolean opening;

  StoredFile(ContentFile.Header header, Shelf shelf) {
    this.high = header.high();
    this.low = header.low();
    this.shelf = shelf;
    // A handful of types for millions of files.
    this.mediaType = header.mediaType().intern();
    this.length = header.length();
    this.modifiedSecond = header.modifiedSecond();
    this.blockBytes = header.blockBytes();
    ByteBuffer sha = ByteBuffer.wrap(HexFormat.of().parseHex(header.sha256()));
    this.sha0 = sha.getLong();
    this.sha1 = sha.getLong();
    this.sha2 = sha.getLong();
    this.sha3 = sha.getLong();
  }

  @Override
  public long high() {
    return high;
  }

  @Override
  public long low() {
    return low;
  }

  /** Its key; made anew each time. */
  ContentKey key() {
    return new ContentKey(high, low);
  }

  /** What the file says of itself; made anew each time. */
  ContentMeta meta() {
    return new ContentMeta(key(), length, sha256(), mediaType, modifiedSecond);
  }

  /** The file's header; made anew each time. */
  ContentFile.Header header() {
    return new ContentFile.Header(
        shelf.volume().storeId(),
        high,
        low,
        length,
        blockBytes,
        sha256(),
        mediaType,
        modifiedSecond);
  }

  Shelf shelf() {
    return shelf;
  }

  /** Where it lies. */
  Path path() {
    return shelf.volume().contentPath(high, low);
  }

  /** What it takes on disk, in bytes. */
  long footprint() {
    return Volume.footprint(length, blockBytes);
  }

  @Override
  public Lookup lookup() {
    EvictionPolicy.Place told = place;
    if (told != null) {
      told.hit();
    }
    if (!shelf.volume().inService()) {
      return Lookup.Miss.MISS;
    }
    SharedLease lease = lease();
    if (lease == null) {
      openSoon();
      return Lookup.Miss.MISS;
    }
    return lease.hit();
  }

  /** A lease, or null when there is no open descriptor. */
  @Nullable SharedLease lease() {
    if (!used) {
      used = true;
    }
    while (true) {
      int now = state;
      if (now < 0 || (now & DISCARDED) != 0) {
        return null;
      }
      if (STATE.compareAndSet(this, now, now + 1)) {
        return Objects.requireNonNull(open);
      }
    }
  }

  /** One lease more for somebody who has one, whether the file is discarded by now or not. */
  void share() {
    while (true) {
      int now = state;
      if (now <= 0 || now == DISCARDED) {
        throw new IllegalStateException("content " + key() + " has no lease to share");
      }
      if (STATE.compareAndSet(this, now, now + 1)) {
        return;
      }
    }
  }

  /** Gives one lease back. */
  void release() {
    while (true) {
      int now = state;
      if (now <= 0 || now == DISCARDED) {
        throw new IllegalStateException("content " + key() + " has no lease to give back");
      }
      boolean last = now - 1 == DISCARDED;
      if (STATE.compareAndSet(this, now, last ? GONE : now - 1)) {
        if (last) {
          shelf.departures().run(this::finish);
        }
        return;
      }
    }
  }

  /** Whether somebody reads it now. */
  boolean leased() {
    int now = state;
    return now > 0 && now != DISCARDED;
  }

  /** Hits are told there from now on. Set before the file is in the table. */
  void place(EvictionPolicy.Place told) {
    place = told;
  }

  EvictionPolicy.@Nullable Place place() {
    return place;
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
    open = new SharedLease(this, meta(), file);
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

  /** Answers under way have to compare these blocks with their checksums before they go on. */
  void forget(BitSet blocks) {
    SharedLease lease = open;
    if (lease == null) {
      return;
    }
    ContentFile.Header header = header();
    for (int block = blocks.nextSetBit(0); block >= 0; block = blocks.nextSetBit(block + 1)) {
      long start = header.blockStart(block);
      lease
          .checks()
          .forget(ContentFile.CONTENT_OFFSET + start, Math.max(1, header.blockEnd(block) - start));
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
    shelf.openFiles().readFailed(this, error);
  }

  private void openSoon() {
    if (state == CLOSED
        && OPENING.compareAndSet(this, false, true)
        && !shelf.offerOpening(
            () -> {
              opening = false;
              shelf.openFiles().open(this);
            })) {
      // Too many wait: the next lookup asks again.
      opening = false;
    }
  }

  private void finish() {
    if (open != null) {
      closeDescriptor();
      shelf.openFiles().closed(this);
    }
    if (freesSpace) {
      shelf.released(footprint());
    }
  }

  private void closeDescriptor() {
    SharedLease lease = open;
    open = null;
    try {
      if (lease != null) {
        lease.closeFile();
      }
    } catch (IOException e) {
      shelf.charge(e);
    }
  }

  private String sha256() {
    byte[] sha =
        ByteBuffer.allocate(32).putLong(sha0).putLong(sha1).putLong(sha2).putLong(sha3).array();
    return HexFormat.of().formatHex(sha);
  }

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(StoredFile.class, field, type);
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
