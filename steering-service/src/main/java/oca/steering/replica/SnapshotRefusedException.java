package oca.steering.replica;

import java.io.IOException;

/** A snapshot is of no use. */
public final class SnapshotRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final SnapshotRefusal refusal;

  /** For that reason. */
  public SnapshotRefusedException(SnapshotRefusal refusal, String detail) {
    super(refusal.sentence() + ": " + detail);
    this.refusal = refusal;
  }

  /** The reason. */
  public SnapshotRefusal refusal() {
    return refusal;
  }
}
