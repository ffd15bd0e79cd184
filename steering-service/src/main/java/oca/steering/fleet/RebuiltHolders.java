package oca.steering.fleet;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import oca.model.ContentId;
import oca.protocol.InventoryDigest;
import org.jspecify.annotations.Nullable;

/**
 * Holders of the few files that are spoken of, as they were written down. Unlike its parent it
 * changes, between two decisions, for the one thread that rebuilds a fleet.
 */
final class RebuiltHolders extends Holders {
  private static final Holding KNOWN = new Holding(0, InventoryDigest.EMPTY);

  private final Map<ContentId, HolderSet> sets = new HashMap<>();
  private final BitSet told = new BitSet();

  RebuiltHolders() {
    super(0, new FileSegment[0], new Holding[0], new InventoryDigest[0], 0, 0, 0);
  }

  void put(ContentId file, HolderSet set) {
    sets.put(file, set);
  }

  void tell(int number, boolean known) {
    told.set(number, known);
  }

  @Override
  public HolderSet holders(ContentId file) {
    return sets.getOrDefault(file, HolderSet.NONE);
  }

  @Override
  public @Nullable Holding of(int number) {
    return told.get(number) ? KNOWN : null;
  }
}
