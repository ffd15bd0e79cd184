package oca.fill.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan without what it says of each unit.
 *
 * @param appliedAt when it last came into force; null when it never did
 * @param before the plan that was in force when this one came into force; 0 for none
 * @param appliances planned for
 * @param units titles in the catalogue, or parts of them
 * @param copies placed, over all appliances
 * @param bytes of those copies
 * @param expectedBytes that viewers are expected to ask for a day
 * @param servedBytes of those, what an appliance near to them is to hold
 * @param notes what of the configuration had no effect, such as pinned titles that are not offered
 * @param digest SHA-256 of the content's canonical form
 * @param signature Ed25519 over "oca plan", version and digest, each followed by a line feed;
 *     base64
 * @param publicKey by which it is checked; X.509 SubjectPublicKeyInfo, base64
 */
public record PlanHead(
    long version,
    State state,
    Instant madeAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant appliedAt,
    long before,
    PlanContent.Inputs inputs,
    int appliances,
    int units,
    long copies,
    long bytes,
    double expectedBytes,
    double servedBytes,
    List<String> notes,
    String digest,
    String signature,
    String publicKey) {
  public PlanHead {
    notes = List.copyOf(notes);
  }

  /** What became of a plan. */
  public enum State {
    /** Made, never in force. */
    DRAFT,
    /** In force. */
    APPLIED,
    /** Was in force until another was applied. */
    SUPERSEDED
  }

  PlanHead applied(Instant at, long after) {
    return with(State.APPLIED, at, after);
  }

  PlanHead superseded() {
    return with(State.SUPERSEDED, appliedAt, before);
  }

  private PlanHead with(State next, @Nullable Instant at, long after) {
    return new PlanHead(
        version,
        next,
        madeAt,
        at,
        after,
        inputs,
        appliances,
        units,
        copies,
        bytes,
        expectedBytes,
        servedBytes,
        notes,
        digest,
        signature,
        publicKey);
  }
}
