package oca.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import oca.store.disk.BadFileException;
import oca.store.disk.BlockChecksums;
import oca.store.disk.ContentFile;
import oca.store.disk.OpenFile;
import oca.store.disk.Volume;
import org.jspecify.annotations.Nullable;

/**
 * A file being filled on a volume.
 *
 * <p>Each whole block's checksum follows its bytes into the partial file, so the partial file alone
 * tells which blocks are there; see {@link ContentFile}. Nothing is synced for that. An error of
 * the disk ends the session and drops what it wrote: after a failed sync the page cache no longer
 * tells what is on the disk.
 *
 * <p>The digest of the whole is taken as bytes come, as long as they come in order; what came out
 * of order is read back before the commit.
 */
final class DiskFill implements FillSession, Entry {

  private enum State {
    OPEN,
    COMMITTED,
    FENCED,
    ENDED
  }

  private final Holdings holdings;
  private final StoredFile file;
  private final ContentFile.Header header;
  private final PartialFile partial;
  private final @Nullable BlockDigests announced;
  private final boolean proven;
  private final long generation;
  private final long syncBytes;
  private final ReentrantLock turn = new ReentrantLock();
  private final BlockBits present;
  private final BlockBits shown;
  private final BlockChecksums sums;
  private final MessageDigest blockDigest = Digests.sha256();
  private MessageDigest digest = Digests.sha256();
  private MessageDigest digestBefore = digest;
  private @Nullable SharedLease own;
  private volatile State state = State.OPEN;
  private volatile boolean shows;
  private long digested;
  private long at;
  private long unsynced;

  /**
   * A session, not started.
   *
   * @param place where the partial file is, or is to be
   * @param resumed whether it is there already
   */
  DiskFill(
      Holdings holdings,
      FillRequest request,
      Partials.Partial place,
      boolean resumed,
      long syncBytes,
      InstantSource clock) {
    this.holdings = holdings;
    this.header = place.header();
    this.file = new StoredFile(header, place.shelf());
    this.partial =
        new PartialFile(place.shelf().volume(), header, request.provenance(), resumed, clock);
    this.announced = request.blocks();
    this.proven = place.proven();
    this.generation = request.provenance().generation();
    this.syncBytes = syncBytes;
    this.present = new BlockBits(header.length(), header.blockBytes(), header.blocks());
    this.shown = new BlockBits(header.length(), header.blockBytes(), header.blocks());
    this.sums = new BlockChecksums(header.high(), header.low());
  }

  StoredFile file() {
    return file;
  }

  @Override
  public long high() {
    return file.high();
  }

  @Override
  public long low() {
    return file.low();
  }

  long generation() {
    return generation;
  }

  /** Whether it completes a file in which damage was found. */
  boolean proven() {
    return proven;
  }

  @Override
  public ContentMeta meta() {
    return file.meta();
  }

  @Override
  public int blockBytes() {
    return header.blockBytes();
  }

  @Override
  public Lookup lookup() {
    if (!shows || !volume().inService()) {
      return Lookup.Miss.MISS;
    }
    SharedLease lease = file.lease();
    return lease == null ? Lookup.Miss.MISS : new Lookup.Filling(lease, shown);
  }

  /**
   * Opens the partial file, an earlier session's if it can be trusted. When that fails, the session
   * has ended and gave back what it had.
   *
   * @throws FencedException when a newer writer has written to it
   */
  void start() throws IOException {
    turn.lock();
    try {
      if (state != State.OPEN) {
        throw new IOException("the store is closed");
      }
      OpenFiles openFiles = file.shelf().openFiles();
      if (!openFiles.reserve()) {
        end(State.ENDED, true);
        throw new IOException("all descriptors are leased: raise maxOpenFiles");
      }
      try {
        OpenFile opened = partial.open();
        own = openFiles.openedAndLeased(file, opened);
        takeFound();
        toNextGap();
      } catch (FencedException e) {
        end(State.ENDED, true);
        throw e;
      } catch (IOException e) {
        throw failed(e);
      } finally {
        if (own == null) {
          openFiles.unreserve();
        }
      }
    } finally {
      turn.unlock();
    }
  }

  @Override
  public @Nullable Gap nextGap() {
    turn.lock();
    try {
      if (at >= header.length()) {
        return null;
      }
      long end = present.next(at / header.blockBytes(), true);
      return new Gap(at, Math.min(end * header.blockBytes(), header.length()));
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void from(Provenance provenance) {
    if (provenance.generation() != generation) {
      throw new IllegalArgumentException(
          "a session of generation %d, and bytes of generation %d"
              .formatted(generation, provenance.generation()));
    }
    turn.lock();
    try {
      partial.from(provenance);
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void append(ByteBuffer bytes) throws IOException {
    turn.lock();
    try {
      FileChannel channel = channel();
      Gap gap = nextGap();
      if (bytes.remaining() > (gap == null ? 0 : gap.to() - gap.from())) {
        end(State.ENDED, false);
        throw new IOException("content %s: more bytes came than are missing".formatted(file.key()));
      }
      try {
        while (bytes.hasRemaining()) {
          int inBlock = (int) (at % header.blockBytes());
          int part = Math.min(bytes.remaining(), header.blockBytes() - inBlock);
          write(channel, bytes.slice(bytes.position(), part));
          bytes.position(bytes.position() + part);
        }
        if (unsynced >= syncBytes) {
          channel.force(false);
          unsynced = 0;
        }
      } catch (DigestMismatchException e) {
        throw e;
      } catch (IOException e) {
        throw failed(e);
      }
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void write(long block, ByteBuffer bytes) throws IOException {
    turn.lock();
    try {
      FileChannel channel = channel();
      if (block < 0
          || block >= header.blocks()
          || bytes.remaining() != header.blockEnd(block) - header.blockStart(block)) {
        throw new IllegalArgumentException(
            "block %d of content %s is not %d bytes long"
                .formatted(block, file.key(), bytes.remaining()));
      }
      if (present.get(block)) {
        return;
      }
      // What was appended of a block that is not whole yet is written over when it comes again.
      at = header.blockStart(block);
      beginBlock();
      try {
        write(channel, bytes);
        toNextGap();
      } catch (DigestMismatchException e) {
        toNextGap();
        throw e;
      } catch (IOException e) {
        throw failed(e);
      }
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void commit() throws IOException {
    turn.lock();
    try {
      FileChannel channel = channel();
      Gap gap = nextGap();
      if (gap != null) {
        throw new IOException(
            "content %s lacks bytes from %d on".formatted(file.key(), gap.from()));
      }
      try {
        readBack();
      } catch (IOException e) {
        throw failed(e);
      }
      String found = HexFormat.of().formatHex(digest.digest());
      if (!found.equals(header.sha256())) {
        end(State.ENDED, false);
        throw new DigestMismatchException(file.key(), header.sha256(), found);
      }
      try {
        partial.table().close();
        channel.force(true);
        partial.publish();
      } catch (IOException e) {
        throw failed(e);
      }
      state = State.COMMITTED;
      holdings.publish(this);
      releaseOwn();
    } finally {
      turn.unlock();
    }
  }

  /** Ends the session for a writer of a higher generation; waits for a write under way. */
  void fence() {
    end(State.FENCED);
  }

  @Override
  public void close() {
    end(State.ENDED);
  }

  private void end(State as) {
    turn.lock();
    try {
      if (state == State.OPEN) {
        end(as, true);
      }
    } finally {
      turn.unlock();
    }
  }

  /** Takes over the blocks that an earlier session has left and that can be trusted. */
  private void takeFound() throws IOException {
    partial.visitFound(
        (block, table) -> {
          boolean inOrder = header.blockStart(block) == digested;
          MessageDigest before = inOrder ? Digests.copy(digest) : digest;
          blockDigest.reset();
          boolean good =
              table.matches(
                  block,
                  part -> {
                    if (inOrder) {
                      digest.update(part.duplicate());
                    }
                    blockDigest.update(part);
                  });
          good = good && (announced == null || announced.matches(block, blockDigest.digest()));
          if (good) {
            enter(block, announced != null || proven);
            digested = inOrder ? header.blockEnd(block) : digested;
          } else {
            digest = before;
          }
          return good;
        });
  }

  private void enter(long block, boolean visible) {
    present.set(block);
    if (visible) {
      shown.set(block);
      shows = true;
    }
  }

  private void write(FileChannel channel, ByteBuffer part) throws IOException {
    long block = at / header.blockBytes();
    sums.update(part.duplicate());
    if (announced != null) {
      blockDigest.update(part.duplicate());
    }
    if (header.blockStart(block) == digested) {
      digest.update(part.duplicate());
    }
    long bytes = part.remaining();
    ContentFile.writeFully(channel, part, ContentFile.CONTENT_OFFSET + at);
    at += bytes;
    unsynced += bytes;
    if (at == header.blockEnd(block)) {
      complete(block);
    }
  }

  private void complete(long block) throws IOException {
    long start = header.blockStart(block);
    if (announced != null && !announced.matches(block, blockDigest.digest())) {
      digest = digestBefore;
      at = start;
      beginBlock();
      throw DigestMismatchException.ofBlock(file.key(), block);
    }
    partial.enter(block, sums.value());
    enter(block, announced != null);
    if (start == digested) {
      digested = at;
    }
    toNextGap();
  }

  /** To the first byte that is missing, at the beginning of a block. */
  private void toNextGap() {
    at = Math.min(present.next(0, false) * header.blockBytes(), header.length());
    beginBlock();
  }

  private void beginBlock() {
    sums.begin(at / header.blockBytes());
    blockDigest.reset();
    if (at == digested) {
      digestBefore = Digests.copy(digest);
    }
  }

  /** Takes into the digest what did not come in order. */
  private void readBack() throws IOException {
    while (digested < header.length()) {
      long block = digested / header.blockBytes();
      if (!partial.table().matches(block, digest::update)) {
        throw new BadFileException("block " + block + " was altered since it was written");
      }
      digested = header.blockEnd(block);
    }
  }

  private FileChannel channel() throws IOException {
    SharedLease lease = own;
    if (state == State.FENCED) {
      throw new FencedException(file.key());
    }
    if (state != State.OPEN || lease == null) {
      throw new IOException("the session of content " + file.key() + " has ended");
    }
    if (!volume().inService()) {
      end(State.ENDED, true);
      throw new IOException("volume " + volume().folder() + " is out of service");
    }
    return lease.channel();
  }

  private IOException failed(IOException error) {
    file.shelf().charge(error);
    end(State.ENDED, false);
    return error;
  }

  private void end(State as, boolean keep) {
    state = as;
    shows = false;
    boolean kept = keep && (present.next(0, true) < header.blocks() || own == null);
    boolean freed = !kept && dropped();
    holdings.ended(this, kept ? new Partials.Partial(file.shelf(), header, proven) : null, freed);
    releaseOwn();
  }

  /** Takes the partial file off the disk; false when the disk refuses, and its room stays taken. */
  private boolean dropped() {
    if (!volume().inService()) {
      return false;
    }
    try {
      partial.drop();
      return true;
    } catch (IOException e) {
      file.shelf().charge(e);
      return false;
    }
  }

  private void releaseOwn() {
    SharedLease lease = own;
    own = null;
    if (lease != null) {
      lease.close();
    }
  }

  private Volume volume() {
    return file.shelf().volume();
  }
}
