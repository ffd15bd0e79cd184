package oca.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import oca.store.disk.BadFileException;
import oca.store.disk.BlockTable;
import oca.store.disk.ContentFile;
import oca.store.disk.Disk;
import oca.store.disk.OpenFile;
import oca.store.disk.Volume;

/** Reads where the blocks of files came from. Safe on any thread; blocks on the disks. */
final class LineageReader {
  private final Holdings holdings;

  LineageReader(Holdings holdings) {
    this.holdings = holdings;
  }

  /**
   * What is here of a file; empty when nothing is, or it left while it was read.
   *
   * @throws IOException when it cannot be read; the disk was charged
   */
  Optional<FileLineage> of(ContentKey key) throws IOException {
    return switch (holdings.get(key)) {
      case StoredFile file -> whole(file);
      case DiskFill fill ->
          part(fill.file().shelf(), fill.file().header(), FileLineage.State.FILLING);
      case null -> {
        Optional<Partials.Partial> rest = holdings.partial(key);
        yield rest.isEmpty()
            ? Optional.empty()
            : part(rest.get().shelf(), rest.get().header(), FileLineage.State.PARTIAL);
      }
    };
  }

  /** Keys of all of which something is here, those that are not whole first. */
  List<ContentKey> keys() {
    List<ContentKey> keys = new ArrayList<>(holdings.unfinished());
    keys.addAll(holdings.held());
    return keys;
  }

  /** Looks at all files while it may go on. */
  SourceTrace trace(SourceQuery what, int most, BooleanSupplier goOn) {
    List<SourceTrace.Traced> listed = new ArrayList<>();
    long files = 0;
    long blocks = 0;
    long bytes = 0;
    long uncertain = 0;
    long read = 0;
    long unread = 0;
    boolean complete = true;
    for (ContentKey key : keys()) {
      if (!goOn.getAsBoolean()) {
        complete = false;
        break;
      }
      read++;
      try {
        Optional<FileLineage> found = of(key);
        if (found.isPresent()) {
          SourceTrace.Traced traced = traced(what, found.get());
          uncertain += uncertain(found.get());
          blocks += traced.blocks();
          bytes += traced.bytes();
          files += traced.blocks() > 0 ? 1 : 0;
          if (traced.blocks() > 0 && listed.size() < most) {
            listed.add(traced);
          }
        }
      } catch (IOException e) {
        unread++;
      }
    }
    return new SourceTrace(files, blocks, bytes, uncertain, read, unread, complete, listed);
  }

  static SourceTrace.Traced traced(SourceQuery what, FileLineage file) {
    long blocks = 0;
    long bytes = 0;
    for (LineageRun run : file.runs()) {
      if (what.covers(run)) {
        blocks += run.to() - run.from();
        bytes += file.bytes(run.from(), run.to());
      }
    }
    return new SourceTrace.Traced(file.meta(), file.state(), blocks, bytes);
  }

  private static long uncertain(FileLineage file) {
    long blocks = 0;
    for (LineageRun run : file.runs()) {
      Provenance from = run.provenance();
      if (SourceQuery.isUncertain(from == null ? null : from.source())) {
        blocks += run.to() - run.from();
      }
    }
    return blocks;
  }

  private static Optional<FileLineage> whole(StoredFile file) throws IOException {
    ContentFile.Header header = file.header();
    try (OpenFile open = OpenFiles.openChecked(file)) {
      return Optional.of(
          new FileLineage(
              file.meta(),
              header.blockBytes(),
              FileLineage.State.WHOLE,
              LineageRun.of(open.channel(), header)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      file.shelf().charge(e);
      throw e;
    }
  }

  private static Optional<FileLineage> part(
      Shelf shelf, ContentFile.Header header, FileLineage.State state) throws IOException {
    Volume volume = shelf.volume();
    Path path = volume.partialPath(header.high(), header.low());
    try (OpenFile open = volume.disk().open(path, Disk.Mode.READ)) {
      ContentFile.checkSize(open.channel(), header);
      BitSet written = new BlockTable(open.channel(), header).written();
      return Optional.of(
          new FileLineage(
              StoredFile.meta(header),
              header.blockBytes(),
              state,
              LineageRun.of(open.channel(), header, written)));
    } catch (NoSuchFileException | BadFileException e) {
      // A session is making it, or has just ended.
      return Optional.empty();
    } catch (IOException e) {
      shelf.charge(e);
      throw e;
    }
  }
}
