package oca.steering.play;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * A steering manifest, the same for HLS (draft-pantos-content-steering) and for DASH (ETSI TS 103
 * 998, which took over its form). {@link Pathways} makes its lists.
 *
 * @param version always 1
 * @param ttlSeconds until the player asks again; above 0, because some players loop on 0
 * @param reloadUri absolute: where to ask again
 * @param priority pathway ids, best first, each once; two at least
 * @param clones those that the playlist does not name; left out of the JSON when there are none
 */
record PlayerManifest(
    @JsonProperty("VERSION") int version,
    @JsonProperty("TTL") long ttlSeconds,
    @JsonProperty("RELOAD-URI") String reloadUri,
    @JsonProperty("PATHWAY-PRIORITY") List<String> priority,
    @JsonProperty("PATHWAY-CLONES") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Clone> clones) {

  /** What kind of player. */
  enum Form {
    HLS,
    DASH
  }

  PlayerManifest(long ttlSeconds, String reloadUri, Pathways pathways) {
    this(1, ttlSeconds, reloadUri, pathways.priority(), pathways.clones());
  }

  /** A pathway like another one, at another host. */
  record Clone(
      @JsonProperty("BASE-ID") String baseId,
      @JsonProperty("ID") String id,
      @JsonProperty("URI-REPLACEMENT") Replacement replacement) {}

  /**
   * What differs.
   *
   * @param host without a port, but see {@link Pathways}
   * @param variants media playlists by the variant's stable id, where the host alone is not enough
   * @param renditions the same by the rendition's
   */
  record Replacement(
      @JsonProperty("HOST") String host,
      @JsonProperty("PER-VARIANT-URIS") @JsonInclude(JsonInclude.Include.NON_EMPTY)
          Map<String, String> variants,
      @JsonProperty("PER-RENDITION-URIS") @JsonInclude(JsonInclude.Include.NON_EMPTY)
          Map<String, String> renditions) {}
}
