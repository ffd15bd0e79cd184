package oca.store.pull;

/** The answer to a wish to keep an object. */
public sealed interface PullAdmission {

  /** The object may be written. */
  record Admitted(PulledObject object) implements PullAdmission {}

  /** Nothing of it is kept; the caller serves it without. */
  record Refused(PullRefusal refusal) implements PullAdmission {}
}
