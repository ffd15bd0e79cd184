package oca.fill.trigger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What went wrong with a part of a trigger (RFC 8007, section 5.2.6).
 *
 * @param error one of the RFC's codes, as those of {@link Code}
 * @param metadataUrls concerned
 * @param contentUrls concerned
 * @param contentCcid concerned; our addition, for the RFC has no field for collections
 * @param metadataPatterns concerned
 * @param contentPatterns concerned
 * @param description for people
 */
record TriggerError(
    String error,
    @JsonProperty("metadata.urls") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> metadataUrls,
    @JsonProperty("content.urls") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> contentUrls,
    @JsonProperty("content.ccid") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> contentCcid,
    @JsonProperty("metadata.patterns") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<UrlPattern> metadataPatterns,
    @JsonProperty("content.patterns") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<UrlPattern> contentPatterns,
    String description) {

  /** Codes of RFC 8007, section 5.2.7, that we give. */
  enum Code {
    /** Metadata could not be had. */
    EMETA("emeta"),
    /** Content could not be had. */
    ECONTENT("econtent"),
    /** We do not do that, and would not at another try. */
    EREJECT("ereject"),
    /** A fault of ours. */
    ECDN("ecdn"),
    /** It was cancelled. */
    ECANCELED("ecanceled"),
    /** A type of trigger that we do not know. */
    EUNSUPPORTED("eunsupported");

    private final String wire;

    Code(String wire) {
      this.wire = wire;
    }

    String wire() {
      return wire;
    }
  }

  static TriggerError url(Code code, String url, String description) {
    return new TriggerError(
        code.wire(), List.of(), List.of(url), List.of(), List.of(), List.of(), description);
  }

  static TriggerError ccid(Code code, String ccid, String description) {
    return new TriggerError(
        code.wire(), List.of(), List.of(), List.of(ccid), List.of(), List.of(), description);
  }

  static TriggerError pattern(Code code, UrlPattern pattern, String description) {
    return new TriggerError(
        code.wire(), List.of(), List.of(), List.of(), List.of(), List.of(pattern), description);
  }

  /** About all that a trigger names. */
  static TriggerError all(Code code, TriggerSpec spec, String description) {
    return new TriggerError(
        code.wire(),
        spec.metadataUrls(),
        spec.contentUrls(),
        spec.contentCcid(),
        spec.metadataPatterns(),
        spec.contentPatterns(),
        description);
  }

  /** About the metadata that a trigger names. */
  static TriggerError metadata(TriggerSpec spec, String description) {
    return new TriggerError(
        Code.EMETA.wire(),
        spec.metadataUrls(),
        List.of(),
        List.of(),
        spec.metadataPatterns(),
        List.of(),
        description);
  }
}
