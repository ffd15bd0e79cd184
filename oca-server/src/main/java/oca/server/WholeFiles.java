package oca.server;

import oca.store.ContentKey;
import oca.store.ContentLease;
import oca.store.ContentSource;
import oca.store.Lookup;

/**
 * Of a store only what has passed its digest.
 *
 * <p>The store vouches that the front of a file being filled is what was appended. Whether that is
 * what the publisher published shows only in the digest of the whole, and a peer may have lied. So
 * viewers and peers are shown no front, until the catalogue announces digests of blocks.
 */
final class WholeFiles implements ContentSource {
  private final ContentSource store;

  WholeFiles(ContentSource store) {
    this.store = store;
  }

  @Override
  public Lookup lookup(ContentKey key) {
    Lookup found = store.lookup(key);
    return switch (found) {
      case Lookup.Hit _, Lookup.Miss _ -> found;
      case Lookup.Filling(ContentLease lease, long _) -> {
        lease.close();
        yield Lookup.Miss.MISS;
      }
    };
  }
}
