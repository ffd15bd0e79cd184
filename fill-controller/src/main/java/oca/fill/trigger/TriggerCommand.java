package oca.fill.trigger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command (RFC 8007, section 5.1.1): exactly one of the two.
 *
 * @param trigger what to do
 * @param cancel URIs of triggers that are not to be gone on with
 * @param cdnPath the CDNs that it passed by; must be there, may be empty
 */
record TriggerCommand(
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TriggerSpec trigger,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> cancel,
    @JsonProperty("cdn-path") List<String> cdnPath) {
  static final String MEDIA_TYPE = "application/cdni; ptype=ci-trigger-command";

  TriggerCommand {
    cdnPath = List.copyOf(cdnPath);
    cancel = cancel == null ? null : List.copyOf(cancel);
    if ((trigger == null) == (cancel == null)) {
      throw new IllegalArgumentException("a command has one of trigger and cancel, not both");
    }
  }
}
