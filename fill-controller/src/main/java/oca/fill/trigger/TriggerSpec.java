package oca.fill.trigger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What to do, and with what (RFC 8007, section 5.2.1). A list that is left out is empty.
 *
 * @param type {@code preposition}, {@code invalidate}, {@code purge}, or one that we do not know
 * @param metadataUrls CDNI metadata; we have none
 * @param contentUrls content by URL
 * @param contentCcid content by collection: a title of the catalogue, a tag of pulled content
 * @param metadataPatterns CDNI metadata; we have none
 * @param contentPatterns content by pattern, not for {@code preposition}
 */
record TriggerSpec(
    String type,
    @JsonProperty("metadata.urls") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> metadataUrls,
    @JsonProperty("content.urls") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> contentUrls,
    @JsonProperty("content.ccid") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> contentCcid,
    @JsonProperty("metadata.patterns") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<UrlPattern> metadataPatterns,
    @JsonProperty("content.patterns") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<UrlPattern> contentPatterns) {

  TriggerSpec {
    metadataUrls = metadataUrls == null ? List.of() : List.copyOf(metadataUrls);
    contentUrls = contentUrls == null ? List.of() : List.copyOf(contentUrls);
    contentCcid = contentCcid == null ? List.of() : List.copyOf(contentCcid);
    metadataPatterns = metadataPatterns == null ? List.of() : List.copyOf(metadataPatterns);
    contentPatterns = contentPatterns == null ? List.of() : List.copyOf(contentPatterns);
    if (type.isBlank()) {
      throw new IllegalArgumentException("type is empty");
    }
    if (metadataUrls.isEmpty()
        && contentUrls.isEmpty()
        && contentCcid.isEmpty()
        && metadataPatterns.isEmpty()
        && contentPatterns.isEmpty()) {
      throw new IllegalArgumentException(
          "a trigger names something by metadata.urls, content.urls, content.ccid,"
              + " metadata.patterns or content.patterns");
    }
  }

  /** How many things it names. */
  @JsonIgnore
  int targets() {
    return metadataUrls.size()
        + contentUrls.size()
        + contentCcid.size()
        + metadataPatterns.size()
        + contentPatterns.size();
  }
}
