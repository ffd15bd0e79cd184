package oca.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import oca.store.disk.OpenFile;
import org.jspecify.annotations.Nullable;

/**
 * A store for tests that keeps its table in memory and forgets all when closed. Simple and slow:
 * one monitor guards everything, bytes lie in unlinked temporary files because a lease has a
 * channel.
 */
public final class MemoryStore implements ContentStore {
  private static final int OFFSET = 4096;

  private final Map<ContentKey, Kept> kept = new LinkedHashMap<>();
  private final Map<ContentKey, byte[]> partials = new LinkedHashMap<>();
  private final Map<ContentKey, ContentMeta> partialMetas = new LinkedHashMap<>();
  private final long capacityBytes;
  private final int blockBytes;
  private long usedBytes;
  private long version = 1;
  private long evicted;
  private Set<ContentKey> pinned = Set.of();
  private boolean closed;

  /**
   * A store of that room.
   *
   * @param capacityBytes counting content only
   * @param blockBytes the unit of the verified front
   */
  public MemoryStore(long capacityBytes, int blockBytes) {
    this.capacityBytes = capacityBytes;
    this.blockBytes = blockBytes;
  }

  private static final class Kept {
    final ContentMeta meta;
    final OpenFile file;
    long verified;
    boolean whole;
    boolean gone;
    boolean hit;
    int leases;

    Kept(ContentMeta meta, OpenFile file) {
      this.meta = meta;
      this.file = file;
    }
  }

  @Override
  public synchronized Lookup lookup(ContentKey key) {
    Kept found = kept.get(key);
    if (found == null || closed || (!found.whole && found.verified == 0)) {
      return Lookup.Miss.MISS;
    }
    found.hit = true;
    found.leases++;
    Lease lease = new Lease(found);
    return found.whole ? new Lookup.Hit(lease) : new Lookup.Filling(lease, found.verified);
  }

  @Override
  public synchronized Admission fill(ContentMeta meta) throws IOException {
    if (closed) {
      throw new IOException("the store is closed");
    }
    Kept found = kept.get(meta.key());
    if (found != null) {
      return new Admission.Refused(
          found.whole ? Admission.Reason.HELD : Admission.Reason.BEING_FILLED);
    }
    if (!makeRoom(meta.length())) {
      return new Admission.Refused(Admission.Reason.NO_SPACE);
    }
    Path temp = Files.createTempFile("memory-store", ".bin");
    OpenFile file = OpenFile.of(new RandomAccessFile(temp.toFile(), "rw"));
    Files.delete(temp);
    usedBytes += meta.length();
    Kept entry = new Kept(meta, file);
    kept.put(meta.key(), entry);
    byte[] before = partials.remove(meta.key());
    Session session = new Session(entry);
    if (before != null && meta.equals(partialMetas.remove(meta.key()))) {
      session.append(ByteBuffer.wrap(before));
    }
    return new Admission.Admitted(session);
  }

  private boolean makeRoom(long bytes) {
    long reachable =
        capacityBytes
            - usedBytes
            + kept.values().stream().filter(this::mayGo).mapToLong(k -> k.meta.length()).sum();
    if (reachable < bytes) {
      return false;
    }
    for (boolean ifHit : new boolean[] {false, true}) {
      for (Kept victim : List.copyOf(kept.values())) {
        if (capacityBytes - usedBytes < bytes && mayGo(victim) && (ifHit || !victim.hit)) {
          discard(victim);
          evicted++;
        }
      }
    }
    return true;
  }

  private boolean mayGo(Kept file) {
    return file.whole && file.leases == 0 && !pinned.contains(file.meta.key());
  }

  private void discard(Kept file) {
    kept.remove(file.meta.key(), file);
    file.gone = true;
    version++;
    freeIfLast(file);
  }

  private void freeIfLast(Kept file) {
    if (file.gone && file.leases == 0) {
      usedBytes -= file.meta.length();
      try {
        file.file.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public synchronized void pin(Set<ContentKey> keys) {
    pinned = Set.copyOf(keys);
  }

  @Override
  public synchronized boolean remove(ContentKey key) {
    Kept found = kept.get(key);
    if (found == null || !found.whole) {
      return false;
    }
    discard(found);
    return true;
  }

  @Override
  public synchronized Collection<ContentKey> held() {
    return kept.values().stream().filter(k -> k.whole).map(k -> k.meta.key()).toList();
  }

  @Override
  public synchronized @Nullable ContentMeta describe(ContentKey key) {
    Kept found = kept.get(key);
    return found != null && found.whole ? found.meta : null;
  }

  @Override
  public synchronized StoreStatus status() {
    long files = held().size();
    return new StoreStatus(
        files,
        version,
        evicted,
        List.of(new StoreStatus.VolumeStatus("memory", true, capacityBytes, usedBytes, files, 0)));
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      List.copyOf(kept.values()).forEach(this::discard);
    }
  }

  private final class Session implements FillSession {
    private final Kept file;
    private final byte[] bytes;
    private int position;
    private boolean ended;

    Session(Kept file) {
      this.file = file;
      this.bytes = new byte[(int) file.meta.length()];
    }

    @Override
    public ContentMeta meta() {
      return file.meta;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public void append(ByteBuffer more) throws IOException {
      synchronized (MemoryStore.this) {
        requireOpen();
        if (more.remaining() > bytes.length - position) {
          end();
          throw new IOException("more bytes than announced");
        }
        int count = more.remaining();
        more.get(bytes, position, count);
        file.file.channel().write(ByteBuffer.wrap(bytes, position, count), OFFSET + position);
        position += count;
        file.verified = position == bytes.length ? position : position - position % blockBytes;
      }
    }

    @Override
    public void commit() throws IOException {
      synchronized (MemoryStore.this) {
        requireOpen();
        if (position < bytes.length) {
          throw new IOException("bytes are missing");
        }
        String found = TestContent.sha256(bytes);
        if (!found.equals(file.meta.sha256())) {
          end();
          throw new DigestMismatchException(file.meta.key(), file.meta.sha256(), found);
        }
        ended = true;
        file.whole = true;
        version++;
      }
    }

    @Override
    public void close() {
      synchronized (MemoryStore.this) {
        if (!ended && !file.gone) {
          partials.put(file.meta.key(), Arrays.copyOf(bytes, (int) file.verified));
          partialMetas.put(file.meta.key(), file.meta);
          end();
        }
      }
    }

    private void end() {
      ended = true;
      discard(file);
    }

    private void requireOpen() throws IOException {
      if (ended || file.gone) {
        throw new IOException("the session has ended");
      }
    }
  }

  private final class Lease implements ContentLease {
    private final Kept file;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Lease(Kept file) {
      this.file = file;
    }

    @Override
    public ContentMeta meta() {
      return file.meta;
    }

    @Override
    public java.nio.channels.FileChannel channel() {
      return file.file.channel();
    }

    @Override
    public int descriptor() {
      return file.file.descriptor();
    }

    @Override
    public long contentOffset() {
      return OFFSET;
    }

    @Override
    public void reportReadError(IOException error) {
      remove(file.meta.key());
    }

    @Override
    public void close() {
      synchronized (MemoryStore.this) {
        if (open.compareAndSet(true, false)) {
          file.leases--;
          freeIfLast(file);
        }
      }
    }
  }
}
