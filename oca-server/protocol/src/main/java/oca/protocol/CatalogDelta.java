package oca.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Set;

/**
 * What makes one catalogue of another. Whoever applies it has the other exactly when its digest is
 * {@code digest} then; if it is not, the whole catalogue is asked for.
 *
 * @param from the digest of the catalogue that it is to be applied to
 * @param version of the catalogue that comes of it
 * @param digest of the catalogue that comes of it
 * @param removed titles that are no longer offered
 * @param files all files of each title that is new or not as it was, in their order; each block
 *     list that one of them names is among them, in the same title
 */
public record CatalogDelta(
    CatalogDigest from,
    String version,
    CatalogDigest digest,
    List<String> removed,
    List<CatalogEntry> files) {

  /** By this name it is asked for in {@code A-IM} (RFC 3229, section 10.5.3). */
  public static final String MANIPULATION = "oca-titles";

  public CatalogDelta {
    removed = List.copyOf(removed);
    files = List.copyOf(files);
    BlockLists.check(files, "the delta");
  }

  /** The paths of those files that are block lists of others: no viewer asks for them. */
  @JsonIgnore
  public Set<String> blockListPaths() {
    return BlockLists.paths(files);
  }
}
