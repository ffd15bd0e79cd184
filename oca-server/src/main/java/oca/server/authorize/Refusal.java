package oca.server.authorize;

/** Ends the check of a token, with the reason. Without a stack trace: refusals come in floods. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  Refusal(Reason reason) {
    super(reason.sentence(), null, false, false);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
