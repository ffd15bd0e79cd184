package oca.protocol;

import java.util.List;

/**
 * Everything a publisher offers, as the origin tells it.
 *
 * @param version changes whenever the list does; opaque, serves as the ETag
 * @param files no two with the same path
 */
public record Catalog(String version, List<CatalogEntry> files) {
  public Catalog {
    files = List.copyOf(files);
  }
}
