package oca.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Objects;
import oca.store.disk.BadFileException;
import oca.store.disk.BlockTable;
import oca.store.disk.ContentFile;
import oca.store.disk.Disk;
import oca.store.disk.Lineage;
import oca.store.disk.OpenFile;
import oca.store.disk.Volume;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file behind a session: made or found, entered block by block, given its final name or
 * dropped. For one thread at a time; blocks on the disk.
 */
final class PartialFile {
  private static final Logger log = LoggerFactory.getLogger(PartialFile.class);

  private final Volume volume;
  private final ContentFile.Header header;
  private final InstantSource clock;
  private final Path path;
  private boolean resumed;
  private boolean renamed;
  private Provenance provenance;
  private int slot;
  private @Nullable BlockTable table;
  private @Nullable Lineage lineage;

  PartialFile(
      Volume volume,
      ContentFile.Header header,
      Provenance provenance,
      boolean resumed,
      InstantSource clock) {
    this.volume = volume;
    this.header = header;
    this.provenance = provenance;
    this.resumed = resumed;
    this.clock = clock;
    this.path = volume.partialPath(header.high(), header.low());
  }

  /** Looks at a block that was found; false to have it written anew. */
  interface FoundBlock {
    boolean accept(long block, BlockTable table) throws IOException;
  }

  /**
   * Opens what an earlier session has left, or a new file in its place when that cannot be used.
   *
   * @throws FencedException when a writer of a higher generation has written to it
   */
  OpenFile open() throws IOException {
    if (resumed) {
      OpenFile found = resume();
      if (found != null) {
        return found;
      }
      resumed = false;
    }
    return create();
  }

  BlockTable table() {
    return Objects.requireNonNull(table);
  }

  /** Shows each block that the table says is there, in order, unless the file is new. */
  void visitFound(FoundBlock visitor) throws IOException {
    if (!resumed) {
      return;
    }
    BitSet written = table().written();
    for (int block = written.nextSetBit(0); block >= 0; block = written.nextSetBit(block + 1)) {
      if (!visitor.accept(block, table())) {
        table().clear(block);
      }
    }
  }

  /** Blocks entered from now on came from there. */
  void from(Provenance from) {
    if (!from.equals(provenance)) {
      provenance = from;
      slot = 0;
    }
  }

  /** Enters a block whose bytes were written. */
  void enter(long block, int checksum) throws IOException {
    if (slot == 0) {
      slot = claim();
    }
    table().enter(block, checksum, second(), slot);
  }

  /** Gives the synced file its final name. */
  void publish() throws IOException {
    renamed = true;
    volume.publish(header.high(), header.low());
  }

  /** Takes the file off the disk. */
  void drop() throws IOException {
    volume.disk().delete(path);
    if (renamed) {
      // The rename may have come about although the sync after it failed.
      volume.disk().delete(volume.contentPath(header.high(), header.low()));
    }
  }

  private @Nullable OpenFile resume() throws IOException {
    OpenFile found = volume.disk().open(path, Disk.Mode.WRITE);
    boolean good = false;
    try {
      if (ContentFile.readHeader(found.channel()).equals(header)) {
        ContentFile.checkSize(found.channel(), header);
        Lineage known = Lineage.read(found.channel());
        if (provenance.generation() != Provenance.UNGRANTED
            && known.generation() > provenance.generation()) {
          throw new FencedException(new ContentKey(header.high(), header.low()));
        }
        lineage = known;
        table = new BlockTable(found.channel(), header);
        good = true;
        return found;
      }
    } catch (BadFileException e) {
      log.info("partial file {} starts anew: {}", path, e.getMessage());
    } finally {
      if (!good) {
        found.close();
      }
    }
    return null;
  }

  /** A new file in place of one that may be there: readers may still lease that one. */
  private OpenFile create() throws IOException {
    volume.disk().delete(path);
    OpenFile made = volume.disk().open(path, Disk.Mode.WRITE);
    boolean good = false;
    try {
      volume.disk().allocate(made, header.fileBytes());
      ContentFile.create(made.channel(), header);
      lineage = Lineage.empty(made.channel());
      table = new BlockTable(made.channel(), header);
      good = true;
      return made;
    } finally {
      if (!good) {
        made.close();
      }
    }
  }

  /**
   * A slot for the provenance; when none is free, one that no block refers to any more, or one that
   * is shared from now on: where bytes came from is no reason to lose them.
   */
  private int claim() throws IOException {
    Lineage slots = Objects.requireNonNull(lineage);
    Lineage.Slot entry =
        new Lineage.Slot(
            provenance.source(),
            provenance.job(),
            provenance.generation(),
            provenance.planVersion(),
            second());
    int claimed = slots.claim(entry);
    if (claimed == 0) {
      BitSet inUse = new BitSet();
      BitSet written = table().written();
      for (int block = written.nextSetBit(0); block >= 0; block = written.nextSetBit(block + 1)) {
        inUse.set(table().provenance(block));
      }
      slots.retain(inUse);
      claimed = slots.claim(entry);
    }
    return claimed == 0 ? slots.takeOver(entry) : claimed;
  }

  private long second() {
    return clock.instant().getEpochSecond();
  }
}
