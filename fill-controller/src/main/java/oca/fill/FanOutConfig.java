package oca.fill;

import oca.config.Default;

/**
 * How changes are told to those who have what was before.
 *
 * @param catalogs versions of the catalogue from which what changed is told, of those that somebody
 *     was given; about 100 bytes a title and version
 * @param manifests versions of each manifest from which what changed is told; 8 bytes a file and
 *     version. 0 to tell every manifest whole
 */
public record FanOutConfig(@Default("8") int catalogs, @Default("2") int manifests) {
  public FanOutConfig {
    if (catalogs < 0 || catalogs > 100) {
      throw new IllegalArgumentException("catalogs must be 0 to 100, not " + catalogs);
    }
    if (manifests < 0 || manifests > 10) {
      throw new IllegalArgumentException("manifests must be 0 to 10, not " + manifests);
    }
  }
}
