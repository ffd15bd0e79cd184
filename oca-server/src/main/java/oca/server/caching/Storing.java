package oca.server.caching;

/** Whether a response is kept. */
public sealed interface Storing {
  /** It is, in this form. */
  record Kept(StoredResponse response) implements Storing {}

  /** It is not. */
  record Refused(Refusal why) implements Storing {}
}
