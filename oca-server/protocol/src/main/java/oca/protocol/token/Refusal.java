package oca.protocol.token;

/** Ends the check of a token, with the reason. Without a stack trace: refusals come in floods. */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  public Refusal(Reason reason) {
    super(reason.sentence(), null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
