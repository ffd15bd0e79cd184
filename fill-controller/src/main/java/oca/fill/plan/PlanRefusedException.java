package oca.fill.plan;

import java.io.IOException;

/** What was asked of a plan cannot be done; the message names the reason and the remedy. */
public final class PlanRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final int status;

  /** With the HTTP status that tells it best. */
  public PlanRefusedException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }
}
