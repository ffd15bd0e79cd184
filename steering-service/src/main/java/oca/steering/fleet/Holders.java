package oca.steering.fleet;

import java.util.Arrays;
import java.util.List;
import oca.model.ContentId;
import oca.protocol.InventoryDigest;
import org.jspecify.annotations.Nullable;

/**
 * Which appliances hold which files, by the newest inventory of each one's present boot. Immutable;
 * safe on any thread; a look-up takes no lock and leaves no garbage.
 *
 * <p>The index goes from the file to the set of its holders, in {@value FileBatch#SEGMENTS}
 * segments that are copied one by one when they change: a delta of a few files copies a few
 * segments. An appliance that is started again is forgotten at once by taking away its {@link
 * Holding}; its bits stay in the index until its next inventory is compared with them, and mean
 * nothing meanwhile. Hence the rule: a number in a {@link HolderSet} counts only while {@link #of}
 * gives a holding for it.
 */
public sealed class Holders permits RebuiltHolders {
  /** Nobody holds anything; of an index with the seed 0. */
  public static final Holders NONE = none(0);

  private final long seed;
  private final FileSegment[] segments;
  private final @Nullable Holding[] holdings;
  private final InventoryDigest[] indexed;
  private final int files;
  private final long pairs;
  private final long bytes;

  Holders(
      long seed,
      FileSegment[] segments,
      @Nullable Holding[] holdings,
      InventoryDigest[] indexed,
      int files,
      long pairs,
      long bytes) {
    this.seed = seed;
    this.segments = segments;
    this.holdings = holdings;
    this.indexed = indexed;
    this.files = files;
    this.pairs = pairs;
    this.bytes = bytes;
  }

  /**
   * An empty index.
   *
   * @param seed a number that senders do not know
   */
  static Holders none(long seed) {
    FileSegment[] segments = new FileSegment[FileBatch.SEGMENTS];
    Arrays.fill(segments, FileSegment.EMPTY);
    return new Holders(seed, segments, new Holding[0], new InventoryDigest[0], 0, 0, 0);
  }

  /** The appliances that hold the file; one without a holding in {@link #of} does not count. */
  public HolderSet holders(ContentId file) {
    long hash = FileBatch.hash(seed, file.high(), file.low());
    return segments[FileBatch.segment(hash)].get(hash, file.high(), file.low());
  }

  /** Whether that appliance is known to hold the file. */
  public boolean holds(int number, ContentId file) {
    return of(number) != null && holders(file).has(number);
  }

  /** Whether that appliance is known to hold every one of the files. */
  public boolean holdsAll(int number, List<ContentId> wanted) {
    if (of(number) == null) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!holders(wanted.get(i)).has(number)) {
        return false;
      }
    }
    return true;
  }

  /** What is known of the appliance's files; null when no inventory came since its start. */
  public @Nullable Holding of(int number) {
    return number < holdings.length ? holdings[number] : null;
  }

  /** Different files that somebody holds, or held before it was started again. */
  public int files() {
    return files;
  }

  /** Files over all appliances, one counting for each of its holders. */
  public long pairs() {
    return pairs;
  }

  /** Heap bytes of the index at the most: sets that files share are counted for each. */
  public long bytes() {
    return bytes + 4L * segments.length;
  }

  long seed() {
    return seed;
  }

  FileSegment segment(int index) {
    return segments[index];
  }

  /** What the index has for the number, whether it counts or not. */
  InventoryDigest indexed(int number) {
    return number < indexed.length ? indexed[number] : InventoryDigest.EMPTY;
  }

  /** With another holding, or none, of an appliance; its files in the index are as they were. */
  Holders with(int number, @Nullable Holding holding) {
    if (of(number) == null && holding == null) {
      return this;
    }
    @Nullable Holding[] changed = Arrays.copyOf(holdings, Math.max(holdings.length, number + 1));
    changed[number] = holding;
    return new Holders(seed, segments, changed, indexed, files, pairs, bytes);
  }

  /** With other segments, which hold what {@code now} says for the number. Takes the array. */
  Holders with(
      int number, FileSegment[] changed, InventoryDigest now, int nowFiles, long nowBytes) {
    InventoryDigest[] digests = Arrays.copyOf(indexed, Math.max(indexed.length, number + 1));
    Arrays.fill(digests, indexed.length, digests.length, InventoryDigest.EMPTY);
    digests[number] = now;
    long nowPairs = pairs + now.files() - indexed(number).files();
    return new Holders(seed, changed, holdings, digests, nowFiles, nowPairs, nowBytes);
  }

  FileSegment[] copyOfSegments() {
    return segments.clone();
  }

  long segmentBytes() {
    return bytes;
  }

  /** The index of this and the holdings of {@code other}, which may have been forgotten since. */
  Holders withHoldingsOf(Holders other) {
    return new Holders(seed, segments, other.holdings, indexed, files, pairs, bytes);
  }
}
