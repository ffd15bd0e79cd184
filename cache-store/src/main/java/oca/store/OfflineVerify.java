package oca.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.store.disk.BadFileException;
import oca.store.disk.BlockTable;
import oca.store.disk.ContentFile;
import oca.store.disk.Disk;
import oca.store.disk.FileCheck;
import oca.store.disk.FileCheck.Flaw;
import oca.store.disk.FolderLock;
import oca.store.disk.Layout;
import oca.store.disk.LocalDisk;
import oca.store.disk.OpenFile;
import oca.store.disk.StoreRefusedException;
import oca.store.disk.VolumeIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a volume that no store has open, and changes nothing on it: it may be mounted
 * read-only. As long as this is open no store can open the volume, unless the volume has never been
 * locked before.
 *
 * <p>For one thread; blocks on the disk.
 */
public final class OfflineVerify implements Closeable {
  private final Disk disk;
  private final Layout layout;
  private final VolumeIdentity identity;
  private final Closeable lock;

  private OfflineVerify(Disk disk, Layout layout, VolumeIdentity identity, Closeable lock) {
    this.disk = disk;
    this.layout = layout;
    this.identity = identity;
    this.lock = lock;
  }

  /**
   * Opens a volume to look at it.
   *
   * @throws StoreRefusedException when it is in use, or is no volume that this version reads
   */
  public static OfflineVerify open(Path folder) throws IOException {
    return open(new LocalDisk(), folder);
  }

  static OfflineVerify open(Disk disk, Path folder) throws IOException {
    Optional<VolumeIdentity> identity = VolumeIdentity.read(disk, folder);
    if (identity.isEmpty()) {
      throw new StoreRefusedException(
          folder + " holds no volume: name the folder of one, in which oca-store lies");
    }
    return new OfflineVerify(disk, new Layout(folder), identity.get(), FolderLock.share(folder));
  }

  /** Is told how it goes; on the calling thread. */
  public interface Listener {
    /** So much there is to do; said once, before the rest. */
    void total(long files, long bytes);

    /** So much is done. */
    void progress(long files, long bytes);

    /** A file that is not what it should be. */
    void bad(BadFile file);
  }

  /**
   * A run of blocks.
   *
   * @param from the first
   * @param to the first after them
   */
  public record Blocks(long from, long to) {}

  /**
   * A file that is not what it should be.
   *
   * @param why a clause that says more than the flaw
   * @param blocks those damaged, when it is that
   */
  public record BadFile(Path path, Flaw flaw, String why, List<Blocks> blocks) {
    public BadFile {
      blocks = List.copyOf(blocks);
    }
  }

  /**
   * What there was.
   *
   * @param files looked at, bad ones included
   * @param bytes of them
   * @param flawed bad files by flaw, without those that are zero
   * @param damagedBlocks in all files
   * @param lostOrigins damaged entries of provenance, which take nothing from the content
   */
  public record Report(
      long files, long bytes, Map<Flaw, Long> flawed, long damagedBlocks, long lostOrigins) {
    public Report {
      flawed = Map.copyOf(flawed);
    }

    /** Whether every file is what was written. */
    public boolean good() {
      return flawed.isEmpty();
    }
  }

  /** Reads all whole files; partial ones are checked when they are gone on with. */
  public Report verify(Listener listener) throws IOException {
    long[] total = {0, 0};
    layout.visitContent(
        disk,
        path -> {
          total[0]++;
          total[1] += size(path);
        });
    listener.total(total[0], total[1]);
    Run run = new Run(listener);
    FileCheck check = new FileCheck(disk, layout, identity.storeId());
    layout.visitContent(disk, path -> run.visit(path, size(path), check));
    return run.report();
  }

  private long size(Path path) throws IOException {
    try {
      return disk.kind(path) == Disk.Kind.FILE ? disk.size(path) : 0;
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** One going through. */
  private static final class Run implements FileCheck.Watch {
    private final Listener listener;
    private final Map<Flaw, Long> flawed = new EnumMap<>(Flaw.class);
    private long files;
    private long bytes;
    private long inFile;
    private long damagedBlocks;
    private long lostOrigins;

    Run(Listener listener) {
      this.listener = listener;
    }

    void visit(Path path, long size, FileCheck check) throws IOException {
      inFile = 0;
      try {
        take(path, check.check(path, this));
      } catch (NoSuchFileException e) {
        // Only on a volume that was never locked: gone since it was listed.
        return;
      } catch (IOException e) {
        take(path, FileCheck.Result.flawed(null, Flaw.UNREADABLE, e.getMessage()));
      }
      files++;
      bytes += size;
      listener.progress(files, bytes);
    }

    private void take(Path path, FileCheck.Result found) {
      lostOrigins += found.lostOrigins();
      damagedBlocks += found.damaged().cardinality();
      Flaw flaw = found.flaw();
      if (flaw != null) {
        flawed.merge(flaw, 1L, Long::sum);
        listener.bad(new BadFile(path, flaw, found.why(), runs(found.damaged())));
      }
    }

    Report report() {
      return new Report(files, bytes, flawed, damagedBlocks, lostOrigins);
    }

    @Override
    public boolean take(long next) {
      listener.progress(files, bytes + inFile);
      inFile += next;
      return true;
    }

    @Override
    public boolean unreadable(IOException error) {
      return true;
    }
  }

  private static List<Blocks> runs(BitSet blocks) {
    List<Blocks> runs = new ArrayList<>();
    for (int from = blocks.nextSetBit(0); from >= 0; ) {
      int to = blocks.nextClearBit(from);
      runs.add(new Blocks(from, to));
      from = blocks.nextSetBit(to);
    }
    return runs;
  }

  /**
   * What a file says of itself; nothing of it is compared with its checksums.
   *
   * @param path where it lies
   * @param whole whether it lies where whole files do, or is being filled
   * @param blocks how many it has
   * @param there how many of them were written
   * @param lineage of those that were
   */
  public record Shown(
      Path path,
      boolean whole,
      ContentMeta meta,
      int blockBytes,
      long blocks,
      long there,
      List<LineageRun> lineage) {
    public Shown {
      lineage = List.copyOf(lineage);
    }
  }

  /**
   * Shows a file, whole or partial.
   *
   * @return empty when there is none
   * @throws BadFileException when its header or size is not what it should be
   */
  public Optional<Shown> show(ContentKey key) throws IOException {
    Path content = layout.contentPath(key.high(), key.low());
    Shown whole = show(content, true);
    return Optional.ofNullable(
        whole != null ? whole : show(layout.partialPath(key.high(), key.low()), false));
  }

  private @Nullable Shown show(Path path, boolean whole) throws IOException {
    try (OpenFile file = disk.open(path, Disk.Mode.READ)) {
      ContentFile.Header header = ContentFile.readHeader(file.channel());
      ContentFile.checkSize(file.channel(), header);
      BitSet there = new BlockTable(file.channel(), header).written();
      return new Shown(
          path,
          whole,
          StoredFile.meta(header),
          header.blockBytes(),
          header.blocks(),
          there.cardinality(),
          LineageRun.of(file.channel(), header, there));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
