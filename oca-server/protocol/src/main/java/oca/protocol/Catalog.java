package oca.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Set;

/**
 * Everything a publisher offers, as the origin tells it.
 *
 * @param version changes whenever the list does; opaque, serves as the ETag
 * @param files no two with the same path; each block list that one of them names is among them, in
 *     the same title and as long as it must be
 */
public record Catalog(String version, List<CatalogEntry> files) {
  public Catalog {
    files = List.copyOf(files);
    BlockLists.check(files, "the catalogue");
  }

  /** The paths of those files that are block lists of others: no viewer asks for them. */
  @JsonIgnore
  public Set<String> blockListPaths() {
    return BlockLists.paths(files);
  }
}
