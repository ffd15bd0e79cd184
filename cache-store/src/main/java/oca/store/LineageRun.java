package oca.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import oca.store.disk.BlockTable;
import oca.store.disk.ContentFile;
import oca.store.disk.Lineage;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of a file, one after the other, that came from one place in one session.
 *
 * @param from the number of the first block
 * @param to the number of the first block after them
 * @param provenance where they came from; null when that is not known any more
 * @param fetchedSecond when the session began to fetch from there, in seconds since 1970; 0 when
 *     not known
 * @param verifiedSecond when they were last found to be what was written, the oldest of them; in
 *     seconds since 1970
 */
public record LineageRun(
    long from, long to, @Nullable Provenance provenance, long fetchedSecond, long verifiedSecond) {

  static List<LineageRun> of(FileChannel channel, ContentFile.Header header) throws IOException {
    BitSet all = new BitSet();
    all.set(0, Math.toIntExact(header.blocks()));
    return of(channel, header, all);
  }

  /**
   * Of those blocks that are there.
   *
   * @param there their numbers
   */
  static List<LineageRun> of(FileChannel channel, ContentFile.Header header, BitSet there)
      throws IOException {
    Lineage lineage = Lineage.read(channel);
    List<LineageRun> runs = new ArrayList<>();
    int[] block = {0};
    new BlockTable(channel, header)
        .visitOrigins(
            (slot, verified) -> {
              if (there.get(block[0])) {
                add(runs, one(block[0], lineage.slot(slot), verified));
              }
              block[0]++;
            });
    return List.copyOf(runs);
  }

  private static LineageRun one(int block, Optional<Lineage.Slot> slot, long verified) {
    return new LineageRun(
        block,
        block + 1,
        slot.map(it -> new Provenance(it.source(), it.job(), it.generation(), it.planVersion()))
            .orElse(null),
        slot.map(Lineage.Slot::second).orElse(0L),
        verified);
  }

  private static void add(List<LineageRun> runs, LineageRun next) {
    LineageRun last = runs.isEmpty() ? null : runs.getLast();
    if (last == null
        || last.to != next.from
        || last.fetchedSecond != next.fetchedSecond
        || !Objects.equals(last.provenance, next.provenance)) {
      runs.add(next);
    } else {
      long verified = Math.min(last.verifiedSecond, next.verifiedSecond);
      runs.set(
          runs.size() - 1,
          new LineageRun(last.from, next.to, last.provenance, last.fetchedSecond, verified));
    }
  }
}
