package oca.server.fill;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import oca.store.Admission;
import oca.store.BlockDigests;
import oca.store.ContentKey;
import oca.store.ContentLease;
import oca.store.ContentMeta;
import oca.store.ContentStore;
import oca.store.DigestMismatchException;
import oca.store.FillRequest;
import oca.store.FillSession;
import oca.store.Lookup;
import oca.store.Provenance;
import oca.store.StoreStatus;

/** A store in memory that keeps what an unfinished session had, in blocks of 1000 bytes. */
final class MemoryStore implements ContentStore {
  static final int BLOCK = 1000;

  final Map<ContentKey, byte[]> files = new HashMap<>();
  final List<FillRequest> requests = new CopyOnWriteArrayList<>();
  final List<Provenance> provenances = new CopyOnWriteArrayList<>();
  final List<Long> sessionStarts = new ArrayList<>();
  final List<Set<ContentKey>> pins = new ArrayList<>();
  volatile Admission.Reason refusal;
  boolean diskFails;
  final List<IOException> readErrors = new ArrayList<>();
  private final Map<ContentKey, ContentMeta> metas = new HashMap<>();
  private final Map<ContentKey, byte[]> partial = new HashMap<>();
  private final Map<ContentKey, FillSession> open = new HashMap<>();
  private long version;

  @Override
  public synchronized Admission fill(FillRequest request) {
    ContentMeta meta = request.meta();
    requests.add(request);
    if (refusal != null) {
      return new Admission.Refused(refusal);
    }
    if (files.containsKey(meta.key())) {
      return new Admission.Refused(Admission.Reason.HELD);
    }
    if (open.containsKey(meta.key())) {
      return new Admission.Refused(Admission.Reason.BEING_FILLED);
    }
    Session session = new Session(request, partial.getOrDefault(meta.key(), new byte[0]));
    open.put(meta.key(), session);
    sessionStarts.add((long) session.bytes.size());
    return new Admission.Admitted(session);
  }

  /** Puts bytes of an earlier session in place, whatever they are. */
  synchronized void keep(ContentKey key, byte[] bytes) {
    partial.put(key, bytes);
  }

  /** Loses a file, as with a disk. */
  synchronized void lose(ContentKey key) {
    remove(key);
  }

  @Override
  public synchronized void pin(Set<ContentKey> keys) {
    pins.add(keys);
  }

  @Override
  public synchronized boolean remove(ContentKey key) {
    version++;
    metas.remove(key);
    return files.remove(key) != null;
  }

  @Override
  public synchronized Collection<ContentKey> held() {
    return List.copyOf(files.keySet());
  }

  @Override
  public synchronized ContentMeta describe(ContentKey key) {
    return metas.get(key);
  }

  @Override
  public synchronized StoreStatus status() {
    return new StoreStatus(files.size(), version, 0, false, 0, List.of());
  }

  /** A hit has a file of its own on disk, as leases need one. */
  @Override
  public synchronized Lookup lookup(ContentKey key) {
    byte[] bytes = files.get(key);
    ContentMeta meta = metas.get(key);
    return bytes == null || meta == null
        ? Lookup.Miss.MISS
        : new Lookup.Hit(new Lease(meta, bytes, readErrors));
  }

  @Override
  public void close() {}

  private static final class Lease implements ContentLease {
    private static final int OFFSET = 4096;

    private final ContentMeta meta;
    private final FileChannel channel;
    private final List<IOException> readErrors;

    Lease(ContentMeta meta, byte[] bytes, List<IOException> readErrors) {
      this.meta = meta;
      this.readErrors = readErrors;
      try {
        Path file = Files.createTempFile("lease", null);
        channel =
            FileChannel.open(
                file,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        channel.write(ByteBuffer.wrap(bytes), OFFSET);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public ContentMeta meta() {
      return meta;
    }

    @Override
    public FileChannel channel() {
      return channel;
    }

    @Override
    public int descriptor() {
      throw new UnsupportedOperationException("nothing is sent from here");
    }

    @Override
    public Object volume() {
      return MemoryStore.class;
    }

    @Override
    public ContentLease share() {
      throw new UnsupportedOperationException("nothing is sent from here");
    }

    @Override
    public long contentOffset() {
      return OFFSET;
    }

    @Override
    public void reportReadError(IOException error) {
      readErrors.add(error);
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final class Session implements FillSession {
    private final ContentMeta meta;
    private final BlockDigests announced;
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean settled;

    Session(FillRequest request, byte[] kept) {
      this.meta = request.meta();
      this.announced = request.blocks();
      provenances.add(request.provenance());
      bytes.writeBytes(kept);
    }

    @Override
    public ContentMeta meta() {
      return meta;
    }

    @Override
    public int blockBytes() {
      return announced == null ? BLOCK : announced.blockBytes();
    }

    @Override
    public Gap nextGap() {
      return bytes.size() < meta.length() ? new Gap(bytes.size(), meta.length()) : null;
    }

    @Override
    public void from(Provenance provenance) {
      provenances.add(provenance);
    }

    @Override
    public void write(long block, ByteBuffer wholeBlock) {
      throw new UnsupportedOperationException("nobody fills block by block");
    }

    @Override
    public void append(ByteBuffer more) throws IOException {
      if (diskFails) {
        throw new IOException("the disk fails on purpose");
      }
      if (bytes.size() + more.remaining() > meta.length()) {
        throw new IOException("beyond the length");
      }
      while (more.hasRemaining()) {
        bytes.write(more.get());
        if (bytes.size() % blockBytes() == 0 || bytes.size() == meta.length()) {
          checkBlock();
        }
      }
    }

    private void checkBlock() throws DigestMismatchException {
      byte[] all = bytes.toByteArray();
      int block = (all.length - 1) / blockBytes();
      String found = sha256(Arrays.copyOfRange(all, block * blockBytes(), all.length));
      if (announced != null && !announced.matches(block, HexFormat.of().parseHex(found))) {
        bytes = new ByteArrayOutputStream();
        bytes.write(all, 0, block * blockBytes());
        throw new DigestMismatchException(meta.key(), "the announced one", found);
      }
    }

    @Override
    public void commit() throws IOException {
      synchronized (MemoryStore.this) {
        if (bytes.size() != meta.length()) {
          throw new IOException("bytes are missing");
        }
        settled = true;
        partial.remove(meta.key());
        String found = sha256(bytes.toByteArray());
        if (!found.equals(meta.sha256())) {
          throw new DigestMismatchException(meta.key(), meta.sha256(), found);
        }
        files.put(meta.key(), bytes.toByteArray());
        metas.put(meta.key(), meta);
        version++;
      }
    }

    @Override
    public void close() {
      synchronized (MemoryStore.this) {
        open.remove(meta.key());
        if (!settled) {
          byte[] all = bytes.toByteArray();
          partial.put(meta.key(), Arrays.copyOf(all, all.length / blockBytes() * blockBytes()));
        }
      }
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
