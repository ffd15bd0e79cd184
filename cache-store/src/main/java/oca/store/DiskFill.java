package oca.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import oca.store.disk.BadFileException;
import oca.store.disk.BlockChecksums;
import oca.store.disk.ContentFile;
import oca.store.disk.FileOpener;
import oca.store.disk.OpenFile;
import oca.store.disk.Volume;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file being filled on a volume.
 *
 * <p>Each whole block's checksum follows its bytes into the partial file, so the partial file alone
 * tells how far it can be trusted; see {@link ContentFile}. Nothing is synced for that. An error of
 * the disk ends the session and drops what it wrote: after a failed sync the page cache no longer
 * tells what is on the disk.
 */
final class DiskFill implements FillSession, Entry {
  private static final Logger log = LoggerFactory.getLogger(DiskFill.class);

  private enum State {
    OPEN,
    COMMITTED,
    ENDED
  }

  private final DiskStore store;
  private final StoredFile file;
  private final ContentFile.Header header;
  private final boolean resumed;
  private final long syncBytes;
  private final BlockChecksums sums;
  private final MessageDigest digest = sha256();
  private @Nullable FileLease own;
  private State state = State.OPEN;
  private long position;
  private long unsynced;
  private volatile long verified;

  /**
   * @param resumed whether an earlier session has left a partial file
   */
  DiskFill(DiskStore store, StoredFile file, boolean resumed, long syncBytes) {
    this.resumed = resumed;
    this.store = store;
    this.file = file;
    this.header = file.header();
    this.syncBytes = syncBytes;
    this.sums = new BlockChecksums(header.high(), header.low());
  }

  StoredFile file() {
    return file;
  }

  @Override
  public ContentMeta meta() {
    return file.meta();
  }

  @Override
  public synchronized long position() {
    return position;
  }

  @Override
  public Lookup lookup() {
    long front = verified;
    if (front == 0 || !volume().inService()) {
      return Lookup.Miss.MISS;
    }
    @Nullable FileLease lease = file.lease();
    return lease == null ? Lookup.Miss.MISS : new Lookup.Filling(lease, front);
  }

  /** Opens the partial file, an earlier session's if it can be trusted. */
  synchronized void start(OpenFiles openFiles) throws IOException {
    if (state != State.OPEN) {
      throw new IOException("the store is closed");
    }
    if (!openFiles.reserve()) {
      end(true);
      throw new IOException("all descriptors are leased: raise maxOpenFiles");
    }
    try {
      OpenFile partial = resumed ? resume() : create();
      own = openFiles.openedAndLeased(file, partial);
      verified = position;
      sums.begin(position / header.blockBytes());
    } catch (IOException e) {
      throw failed(e);
    } finally {
      if (own == null) {
        openFiles.unreserve();
      }
    }
  }

  @Override
  public synchronized void append(ByteBuffer bytes) throws IOException {
    FileChannel channel = channel();
    if (bytes.remaining() > header.length() - position) {
      end(false);
      throw new IOException(
          "content %s has %d bytes, and more came".formatted(meta().key(), header.length()));
    }
    try {
      while (bytes.hasRemaining()) {
        int inBlock = (int) (position % header.blockBytes());
        int part = Math.min(bytes.remaining(), header.blockBytes() - inBlock);
        write(channel, bytes.slice(bytes.position(), part));
        bytes.position(bytes.position() + part);
      }
      if (unsynced >= syncBytes) {
        channel.force(false);
        unsynced = 0;
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public synchronized void commit() throws IOException {
    FileChannel channel = channel();
    if (position != header.length()) {
      throw new IOException(
          "content %s has %d of %d bytes".formatted(meta().key(), position, header.length()));
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(header.sha256())) {
      end(false);
      throw new DigestMismatchException(meta().key(), header.sha256(), found);
    }
    try {
      ContentFile.writeTableChecksum(channel, header);
      channel.force(true);
      volume().publish(header.high(), header.low());
    } catch (IOException e) {
      throw failed(e);
    }
    state = State.COMMITTED;
    store.publish(this);
    releaseOwn();
  }

  @Override
  public synchronized void close() {
    if (state == State.OPEN) {
      end(true);
    }
  }

  /** Goes on after the verified blocks of an earlier session, or starts anew without such. */
  private OpenFile resume() throws IOException {
    OpenFile partial = open();
    boolean good = false;
    try {
      if (ContentFile.readHeader(partial.channel()).equals(header)) {
        position = ContentFile.verifiedBytes(partial.channel(), header, digest);
        good = true;
        return partial;
      }
    } catch (BadFileException e) {
      log.info("partial file of {} starts anew: {}", meta().key(), e.getMessage());
    } finally {
      if (!good) {
        partial.close();
      }
    }
    digest.reset();
    return create();
  }

  /** A new file in place of one that may be there: readers may still lease that one. */
  private OpenFile create() throws IOException {
    Files.deleteIfExists(volume().partialPath(header.high(), header.low()));
    OpenFile partial = open();
    boolean good = false;
    try {
      ContentFile.create(partial.channel(), header);
      good = true;
      return partial;
    } finally {
      if (!good) {
        partial.close();
      }
    }
  }

  private OpenFile open() throws IOException {
    return volume()
        .openFile(volume().partialPath(header.high(), header.low()), FileOpener.Mode.WRITE);
  }

  private void write(FileChannel channel, ByteBuffer part) throws IOException {
    sums.update(part.duplicate());
    digest.update(part.duplicate());
    long bytes = part.remaining();
    ContentFile.writeFully(channel, part, ContentFile.CONTENT_OFFSET + position);
    position += bytes;
    unsynced += bytes;
    if (position % header.blockBytes() == 0 || position == header.length()) {
      long block = (position - 1) / header.blockBytes();
      ContentFile.writeChecksum(channel, header, block, sums.value());
      sums.begin(block + 1);
      verified = position;
    }
  }

  private FileChannel channel() throws IOException {
    FileLease lease = own;
    if (state != State.OPEN || lease == null) {
      throw new IOException("the session of content " + meta().key() + " has ended");
    }
    if (!volume().inService()) {
      end(true);
      throw new IOException("volume " + volume().folder() + " is out of service");
    }
    return lease.channel();
  }

  private IOException failed(IOException error) {
    file.shelf().charge(error);
    end(false);
    return error;
  }

  private void end(boolean keep) {
    state = State.ENDED;
    store.ended(this, keep && position > 0);
    releaseOwn();
  }

  private void releaseOwn() {
    FileLease lease = own;
    own = null;
    if (lease != null) {
      lease.close();
    }
  }

  private Volume volume() {
    return file.shelf().volume();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
