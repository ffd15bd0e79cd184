package oca.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import oca.store.disk.BadFileException;
import oca.store.disk.ContentFile;
import oca.store.disk.Disk;
import oca.store.disk.OpenFile;
import oca.store.disk.Volume;

/**
 * Keeps the number of open descriptors within its bound.
 *
 * <p>A lookup may not touch a disk, so descriptors are opened ahead of it: when a file is
 * published, and at the start until the bound is reached. A file beyond the bound misses at its
 * first lookup, which has it opened in the background in place of a file that nobody reads; such
 * files stand in a ring and are given a second chance when they were looked up since they last came
 * by (CLOCK). When every descriptor is leased, nothing is opened and files without one go on
 * missing.
 *
 * <p>Blocks on disks; never called by a lookup.
 */
final class OpenFiles {
  private final int limit;
  private final Losses losses;
  private final AtomicInteger count = new AtomicInteger();
  private final LinkedHashSet<StoredFile> ring = new LinkedHashSet<>();

  /** What the store has to hear of its files. */
  interface Losses {
    /** The file is not where it was. */
    void missing(StoredFile file);

    /** The file is not what it should be. */
    void damaged(StoredFile file, String why);

    /** A block of a leased file is not what was written. Must not block. */
    void damaged(StoredFile file, long block);

    /** A read of a leased file failed. Must not block. */
    void unreadable(StoredFile file, IOException error);
  }

  OpenFiles(int limit, Losses losses) {
    this.limit = limit;
    this.losses = losses;
  }

  /** How many descriptors are open or about to be. */
  int count() {
    return count.get();
  }

  /** Claims a descriptor; false when all are leased. */
  boolean reserve() {
    while (true) {
      int now = count.get();
      if (now >= limit) {
        if (!parkOne()) {
          return false;
        }
      } else if (count.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /** Gives back a claim under which nothing was opened. */
  void unreserve() {
    count.decrementAndGet();
  }

  /**
   * Hands a file what was opened under a claim.
   *
   * @return false when it needs no descriptor any more; the caller closes it and gives up the claim
   */
  boolean opened(StoredFile file, OpenFile open) {
    // In one step with the ring, or closed() might come before the file stands there.
    synchronized (ring) {
      boolean taken = file.opened(open);
      if (taken) {
        ring.add(file);
      }
      return taken;
    }
  }

  /** The same for a file that nobody else knows yet, with a lease so that it is not parked. */
  SharedLease openedAndLeased(StoredFile file, OpenFile open) {
    synchronized (ring) {
      boolean taken = opened(file, open);
      return Objects.requireNonNull(taken ? file.lease() : null, "a new file has no descriptor");
    }
  }

  /** A file's descriptor was closed for good. */
  void closed(StoredFile file) {
    synchronized (ring) {
      ring.remove(file);
    }
    count.decrementAndGet();
  }

  /** Opens a file unless the bound is reached already. */
  void openIfRoom(StoredFile file) {
    if (count.get() < limit) {
      open(file);
    }
  }

  /** Opens a whole file, after a look at its header and size. */
  void open(StoredFile file) {
    if (!reserve()) {
      return;
    }
    boolean open = false;
    try {
      OpenFile opened = openChecked(file);
      open = opened(file, opened);
      if (!open) {
        opened.close();
      }
    } catch (BadFileException e) {
      losses.damaged(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      if (e instanceof NoSuchFileException) {
        losses.missing(file);
      } else {
        file.shelf().charge(e);
      }
    } finally {
      if (!open) {
        unreserve();
      }
    }
  }

  /** Opens a file beside all others; the caller closes it. */
  static OpenFile openChecked(StoredFile file) throws IOException {
    Volume volume = file.shelf().volume();
    ContentFile.Header header = file.header();
    OpenFile opened =
        volume.disk().open(volume.contentPath(header.high(), header.low()), Disk.Mode.READ);
    boolean good = false;
    try {
      if (!ContentFile.readHeader(opened.channel()).equals(header)) {
        throw new BadFileException("its header is not the one it had");
      }
      ContentFile.checkSize(opened.channel(), header);
      good = true;
      return opened;
    } finally {
      if (!good) {
        opened.close();
      }
    }
  }

  void damaged(StoredFile file, long block) {
    losses.damaged(file, block);
  }

  void readFailed(StoredFile file, IOException error) {
    losses.unreadable(file, error);
  }

  private boolean parkOne() {
    synchronized (ring) {
      // Twice round: the first time wipes the marks, the second finds whoever is idle.
      for (int step = 2 * ring.size(); step > 0; step--) {
        Iterator<StoredFile> oldest = ring.iterator();
        StoredFile file = oldest.next();
        oldest.remove();
        if (!file.wasUsed() && file.park()) {
          count.decrementAndGet();
          return true;
        }
        ring.add(file);
      }
      return false;
    }
  }
}
