package oca.store;

import java.util.BitSet;
import java.util.List;
import oca.store.disk.Lineage;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that came from one source in a time.
 *
 * <p>The time of a block is when its session began to fetch from there ({@link
 * LineageRun#fetchedSecond}), so {@code fromSecond} is best chosen early.
 *
 * @param source as in {@link Provenance#source}; of it {@value Provenance#KEPT_SOURCE} characters
 *     count, as of what is kept
 * @param fromSecond the first second, since 1970
 * @param toSecond the first second after them
 * @param uncertain whether blocks count too of which it is not known any more where they came from,
 *     whenever that was
 */
public record SourceQuery(String source, long fromSecond, long toSecond, boolean uncertain) {
  public SourceQuery {
    source = new Provenance(source, 0, 0, 0).source();
    source = source.substring(0, Math.min(source.length(), Provenance.KEPT_SOURCE));
    if (fromSecond < 0 || toSecond <= fromSecond) {
      throw new IllegalArgumentException(
          "no time from second " + fromSecond + " to before second " + toSecond);
    }
  }

  /** Whether it is not known where blocks came from. */
  static boolean isUncertain(@Nullable String source) {
    return source == null || source.equals(Lineage.SEVERAL);
  }

  /** Whether blocks from there, fetched then, are meant. */
  boolean covers(@Nullable String from, long fetchedSecond) {
    if (isUncertain(from)) {
      return uncertain;
    }
    return source.equals(from) && fetchedSecond >= fromSecond && fetchedSecond < toSecond;
  }

  boolean covers(LineageRun run) {
    Provenance from = run.provenance();
    return covers(from == null ? null : from.source(), run.fetchedSecond());
  }

  boolean covers(Lineage.Slot slot) {
    return covers(slot.source(), slot.second());
  }

  /** The numbers of the blocks that are meant. */
  BitSet blocks(List<LineageRun> runs) {
    BitSet blocks = new BitSet();
    for (LineageRun run : runs) {
      if (covers(run)) {
        blocks.set(Math.toIntExact(run.from()), Math.toIntExact(run.to()));
      }
    }
    return blocks;
  }
}
