package oca.fill.trigger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Trigger Collection (RFC 8007, section 5.1.3).
 *
 * @param triggers URIs of the triggers in it, by number
 * @param staleResourceTime seconds for which a status is kept after its end
 * @param all URI of the collection of all; this and those below only in that one
 * @param cdnId our CDN Provider ID
 */
record CollectionMessage(
    List<String> triggers,
    @JsonProperty("staleresourcetime") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Long staleResourceTime,
    @JsonProperty("coll-all") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String all,
    @JsonProperty("coll-pending") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String pending,
    @JsonProperty("coll-active") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String active,
    @JsonProperty("coll-complete") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String complete,
    @JsonProperty("coll-failed") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String failed,
    @JsonProperty("cdn-id") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String cdnId) {
  static final String MEDIA_TYPE = "application/cdni; ptype=ci-trigger-collection";

  static CollectionMessage filtered(List<String> triggers) {
    return new CollectionMessage(triggers, null, null, null, null, null, null, null);
  }
}
