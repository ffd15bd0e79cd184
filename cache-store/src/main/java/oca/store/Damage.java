package oca.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import oca.store.disk.BlockTable;
import oca.store.disk.ContentFile;
import oca.store.disk.Disk;
import oca.store.disk.FileCheck;
import oca.store.disk.FileCheck.Flaw;
import oca.store.disk.OpenFile;
import oca.store.disk.Volume;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds damaged blocks and sees to it that nobody is served them.
 *
 * <p>A file with damaged blocks is taken out of the table and becomes a partial file in which those
 * blocks are missing; then whoever listens is told, and an ordinary {@link FillSession} fetches
 * them and publishes the file again. A file whose header or table is damaged cannot be told what it
 * was and goes to quarantine.
 */
final class Damage {
  private static final Logger log = LoggerFactory.getLogger(Damage.class);

  private final Holdings holdings;
  private final InstantSource clock;
  private final AtomicLong damagedBlocks = new AtomicLong();
  private volatile RepairHook hook =
      (meta, missing) -> log.info("{} is to be repaired", meta.key());

  Damage(Holdings holdings, InstantSource clock) {
    this.holdings = holdings;
    this.clock = clock;
  }

  /** Who is told from now on. */
  void tell(RepairHook told) {
    hook = told;
  }

  /** Blocks found damaged since the start. */
  long damagedBlocks() {
    return damagedBlocks.get();
  }

  /** Is told of every block before it is read. */
  interface Pace {
    /**
     * So many bytes are about to be read; may block, to keep to a rate.
     *
     * @return false to give up
     */
    boolean take(long bytes);
  }

  /**
   * Reads a whole file and compares every block with its checksum.
   *
   * @throws IOException when it could not be read for want of descriptors; the file stays
   */
  Verification verify(ContentKey key) throws IOException {
    if (!(holdings.get(key) instanceof StoredFile file)) {
      return Verification.NOT_HERE;
    }
    FileCheck.Result found = check(file, bytes -> true);
    return switch (found.flaw()) {
      case null -> found.complete() ? Verification.WHOLE : Verification.NOT_HERE;
      case MISSING -> Verification.NOT_HERE;
      case FOREIGN, MISPLACED, TRUNCATED, HEADER, TABLE, BLOCKS, UNREADABLE -> Verification.DAMAGED;
    };
  }

  /**
   * Reads a whole file that the table holds, and notes for each block that it was verified, or does
   * what is to be done about its flaw.
   *
   * @return what was found; without a flaw and not complete when the file was taken out meanwhile,
   *     or the pace gave up
   * @throws IOException when it could not be read for want of descriptors; the file stays
   */
  FileCheck.Result check(StoredFile file, Pace pace) throws IOException {
    FileCheck.Result found = read(file, pace);
    if (found.flaw() != null) {
      return act(file, found.flaw(), found)
          ? found
          : new FileCheck.Result(found.header(), null, "", new BitSet(), 0, false);
    }
    if (found.complete()) {
      noteVerified(file);
    }
    return found;
  }

  /**
   * Reads a file of a volume; errors of the disk are charged.
   *
   * @throws IOException when it could not be read for want of descriptors
   */
  static FileCheck.Result read(Shelf shelf, Path path, Pace pace) throws IOException {
    Volume volume = shelf.volume();
    FileCheck.Watch watch =
        new FileCheck.Watch() {
          @Override
          public boolean take(long bytes) {
            return volume.inService() && pace.take(bytes);
          }

          @Override
          public boolean unreadable(IOException error) {
            if (!volume.isDiskError(error)) {
              return false;
            }
            shelf.charge(error);
            return true;
          }
        };
    try {
      return new FileCheck(volume.disk(), volume.layout(), volume.storeId()).check(path, watch);
    } catch (NoSuchFileException e) {
      return FileCheck.Result.flawed(null, Flaw.MISSING, "it is not there");
    } catch (IOException e) {
      if (!volume.isDiskError(e)) {
        throw e;
      }
      shelf.charge(e);
      return FileCheck.Result.flawed(null, Flaw.UNREADABLE, e.getMessage());
    }
  }

  /**
   * Does what is to be done about a file with a flaw.
   *
   * @return false when it was taken out already
   */
  boolean act(StoredFile file, Flaw flaw, FileCheck.Result found) {
    return switch (flaw) {
      case MISSING -> holdings.takeOut(file, Holdings.Fate.DELETE, found.why());
      case FOREIGN, MISPLACED, TRUNCATED, HEADER, TABLE, UNREADABLE ->
          holdings.takeOut(file, Holdings.Fate.QUARANTINE, found.why());
      case BLOCKS -> withdrawSoon(file, found.damaged());
    };
  }

  /**
   * A reader found a block that is not what was written: nobody else is served it, and it is
   * fetched anew. Of a file that is being filled nothing is done but that it is refused to readers,
   * each time, until the file is whole. Never blocks.
   */
  void found(StoredFile file, long block) {
    BitSet bad = new BitSet();
    bad.set(Math.toIntExact(block));
    if (!withdrawSoon(file, bad)) {
      log.warn("block {} of content {}, which is not whole, is damaged", block, file.key());
    }
  }

  private static FileCheck.Result read(StoredFile file, Pace pace) throws IOException {
    FileCheck.Result found = read(file.shelf(), file.path(), pace);
    ContentFile.Header header = found.header();
    boolean other =
        header != null
            && !header.equals(file.header())
            && (found.flaw() == null || found.flaw() == Flaw.BLOCKS);
    return other
        ? FileCheck.Result.flawed(header, Flaw.HEADER, "its header is not the one it had")
        : found;
  }

  /** By a descriptor of its own: readers' are for reading. */
  private void noteVerified(StoredFile file) {
    if (holdings.get(file.key()) != file) {
      return;
    }
    try (OpenFile open = file.shelf().volume().disk().open(file.path(), Disk.Mode.UPDATE)) {
      new BlockTable(open.channel(), file.header()).writeAllVerified(second());
    } catch (IOException e) {
      // Taken off the disk meanwhile, which is not charged; or the disk's fault.
      file.shelf().charge(e);
    }
  }

  private boolean withdrawSoon(StoredFile file, BitSet bad) {
    boolean taken =
        holdings.takeOut(
            file,
            () -> {
              boolean kept = withdraw(file, bad, null);
              file.discard(!kept);
            });
    if (taken) {
      damagedBlocks.addAndGet(bad.cardinality());
      log.warn(
          "content {} on {} has {} damaged blocks, the first is {}",
          file.key(),
          file.shelf().volume().folder(),
          bad.cardinality(),
          bad.nextSetBit(0));
    }
    return taken;
  }

  /**
   * Nobody is to be served these blocks any more, though they are what was written: they are taken
   * back and fetched anew as damaged ones are. Never blocks.
   *
   * @param done told once it is so on the disk
   * @return false when the file was taken out already; {@code done} is not told then
   */
  boolean recall(StoredFile file, BitSet blocks, SourceQuery what, Runnable done) {
    return holdings.takeOut(
        file,
        () -> {
          try {
            boolean kept = withdraw(file, blocks, what);
            file.forget(blocks);
            file.discard(!kept);
          } finally {
            done.run();
          }
        });
  }

  /**
   * Makes a partial file of it; false when that fails and it is off the disk or in quarantine.
   *
   * @param recalled what was recalled by these blocks; null when they are damaged
   */
  private boolean withdraw(StoredFile file, BitSet bad, @Nullable SourceQuery recalled) {
    ContentFile.Header header = file.header();
    Volume volume = file.shelf().volume();
    try {
      try (OpenFile open = volume.disk().open(file.path(), Disk.Mode.UPDATE)) {
        BlockTable table = new BlockTable(open.channel(), header);
        table.reopen();
        for (int block = bad.nextSetBit(0); block >= 0; block = bad.nextSetBit(block + 1)) {
          table.clear(block);
        }
        if (recalled != null) {
          Recalls.renew(open, recalled, second());
        }
        open.channel().force(true);
      }
      volume.withdraw(header.high(), header.low());
    } catch (IOException e) {
      file.shelf().charge(e);
      return !quarantined(file);
    }
    holdings.withdrawn(new Partials.Partial(file.shelf(), header, true));
    List<FillSession.Gap> missing =
        bad.stream()
            .mapToObj(
                block -> new FillSession.Gap(header.blockStart(block), header.blockEnd(block)))
            .toList();
    // Only once the key is free again may the repair begin: behind this very step.
    file.shelf().departures().run(() -> hook.wanted(file.meta(), missing));
    return true;
  }

  private long second() {
    return clock.instant().getEpochSecond();
  }

  private static boolean quarantined(StoredFile file) {
    try {
      file.shelf().volume().quarantine(file.path(), "it cannot be repaired");
      return true;
    } catch (NoSuchFileException e) {
      // Nothing of it is left, and its room is free.
      return true;
    } catch (IOException e) {
      file.shelf().charge(e);
      return false;
    }
  }
}
