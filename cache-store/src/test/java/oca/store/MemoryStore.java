package oca.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final Map<ContentKey, Kept> partials = new LinkedHashMap<>();
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
   * @param blockBytes the size of blocks when none are announced
   */
  public MemoryStore(long capacityBytes, int blockBytes) {
    this.capacityBytes = capacityBytes;
    this.blockBytes = blockBytes;
  }

  private static final class Kept {
    final ContentMeta meta;
    final OpenFile file;
    final byte[] bytes;
    final BlockBits present;
    final BlockBits shown;
    final int blockBytes;
    long generation;
    boolean whole;
    boolean gone;
    boolean hit;
    int leases;

    Kept(ContentMeta meta, OpenFile file, int blockBytes) {
      this.meta = meta;
      this.file = file;
      this.blockBytes = blockBytes;
      this.bytes = new byte[(int) meta.length()];
      this.present = new BlockBits(meta.length(), blockBytes, blocks());
      this.shown = new BlockBits(meta.length(), blockBytes, blocks());
    }

    final long blocks() {
      return (meta.length() + blockBytes - 1) / blockBytes;
    }
  }

  @Override
  public synchronized Lookup lookup(ContentKey key) {
    Kept found = kept.get(key);
    if (found == null || closed || (!found.whole && found.shown.next(0, true) == found.blocks())) {
      return Lookup.Miss.MISS;
    }
    found.hit = true;
    found.leases++;
    Lease lease = new Lease(found);
    return found.whole ? new Lookup.Hit(lease) : new Lookup.Filling(lease, found.shown);
  }

  @Override
  public synchronized Admission fill(FillRequest request) throws IOException {
    if (closed) {
      throw new IOException("the store is closed");
    }
    ContentMeta meta = request.meta();
    long generation = request.provenance().generation();
    Kept found = kept.get(meta.key());
    if (found != null && (found.whole || found.generation >= generation)) {
      return new Admission.Refused(
          found.whole ? Admission.Reason.HELD : Admission.Reason.BEING_FILLED);
    }
    Kept before = found != null ? found : partials.get(meta.key());
    if (before != null && before.generation > generation) {
      return new Admission.Refused(Admission.Reason.FENCED);
    }
    if (found != null) {
      discard(found);
    }
    if (!makeRoom(meta.length())) {
      return new Admission.Refused(Admission.Reason.NO_SPACE);
    }
    Path temp = Files.createTempFile("memory-store", ".bin");
    OpenFile file = OpenFile.of(new RandomAccessFile(temp.toFile(), "rw"));
    Files.delete(temp);
    usedBytes += meta.length();
    BlockDigests announced = request.blocks();
    Kept entry = new Kept(meta, file, announced == null ? blockBytes : announced.blockBytes());
    entry.generation = generation;
    kept.put(meta.key(), entry);
    partials.remove(meta.key());
    Session session = new Session(entry, announced);
    if (before != null && before.meta.equals(meta)) {
      for (long block = 0; block < entry.blocks(); block++) {
        if (before.present.get(block)) {
          session.write(
              block, ByteBuffer.wrap(before.bytes, session.start(block), session.length(block)));
        }
      }
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
        false,
        kept.size(),
        List.of(
            new StoreStatus.VolumeStatus(
                "memory",
                StoreStatus.VolumeState.IN_SERVICE,
                capacityBytes,
                usedBytes,
                capacityBytes - usedBytes,
                files,
                0,
                0,
                0)));
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
    private final BlockDigests announced;
    private int at;
    private boolean ended;

    Session(Kept file, @Nullable BlockDigests announced) {
      this.file = file;
      this.announced = announced;
    }

    int start(long block) {
      return (int) block * file.blockBytes;
    }

    int length(long block) {
      return Math.min(file.blockBytes, file.bytes.length - start(block));
    }

    @Override
    public ContentMeta meta() {
      return file.meta;
    }

    @Override
    public int blockBytes() {
      return file.blockBytes;
    }

    @Override
    public void from(Provenance provenance) {
      if (provenance.generation() != file.generation) {
        throw new IllegalArgumentException("another generation");
      }
    }

    @Override
    public @Nullable Gap nextGap() {
      synchronized (MemoryStore.this) {
        if (at >= file.bytes.length) {
          return null;
        }
        long end = file.present.next(at / file.blockBytes, true);
        return new Gap(at, Math.min(end * file.blockBytes, file.bytes.length));
      }
    }

    @Override
    public void append(ByteBuffer more) throws IOException {
      synchronized (MemoryStore.this) {
        requireOpen();
        Gap gap = nextGap();
        if (more.remaining() > (gap == null ? 0 : gap.to() - gap.from())) {
          end();
          throw new IOException("more bytes than are missing");
        }
        while (more.hasRemaining()) {
          long block = at / file.blockBytes;
          int part = Math.min(more.remaining(), start(block) + length(block) - at);
          more.get(file.bytes, at, part);
          at += part;
          if (at == start(block) + length(block)) {
            complete(block);
          }
        }
      }
    }

    @Override
    public void write(long block, ByteBuffer bytes) throws IOException {
      synchronized (MemoryStore.this) {
        requireOpen();
        if (!file.present.get(block)) {
          bytes.get(file.bytes, start(block), length(block));
          complete(block);
        }
      }
    }

    private void complete(long block) throws IOException {
      MessageDigest digest = Digests.sha256();
      digest.update(file.bytes, start(block), length(block));
      boolean good = announced == null || announced.matches(block, digest.digest());
      if (good) {
        file.file
            .channel()
            .write(ByteBuffer.wrap(file.bytes, start(block), length(block)), OFFSET + start(block));
        file.present.set(block);
        if (announced != null) {
          file.shown.set(block);
        }
      }
      at = (int) Math.min(file.present.next(0, false) * file.blockBytes, file.bytes.length);
      if (!good) {
        throw DigestMismatchException.ofBlock(file.meta.key(), block);
      }
    }

    @Override
    public void commit() throws IOException {
      synchronized (MemoryStore.this) {
        requireOpen();
        if (nextGap() != null) {
          throw new IOException("bytes are missing");
        }
        String found = TestContent.sha256(file.bytes);
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
          partials.put(file.meta.key(), file);
          end();
        }
      }
    }

    private void end() {
      ended = true;
      discard(file);
    }

    private void requireOpen() throws IOException {
      Kept now = kept.get(file.meta.key());
      if (now != null && now.generation > file.generation) {
        throw new FencedException(file.meta.key());
      }
      if (ended || file.gone) {
        throw new IOException("the session has ended");
      }
    }
  }

  private final class Lease implements ContentLease {
    private final Kept file;
    private boolean open = true;

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
    public Object volume() {
      return MemoryStore.this;
    }

    @Override
    public ContentLease share() {
      synchronized (MemoryStore.this) {
        if (!open) {
          throw new IllegalStateException("the lease was given back already");
        }
        file.leases++;
        return new Lease(file);
      }
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
        if (!open) {
          throw new IllegalStateException("the lease was given back already");
        }
        open = false;
        file.leases--;
        freeIfLast(file);
      }
    }
  }
}
