package oca.store.pull;

import java.io.IOException;

/** Bytes were not kept, for a reason that is no fault of the disk. */
public final class PullRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final PullRefusal refusal;

  PullRefusedException(PullRefusal refusal) {
    super(refusal.sentence());
    this.refusal = refusal;
  }

  /** Why. */
  public PullRefusal refusal() {
    return refusal;
  }
}
