package oca.protocol.http;

import java.io.IOException;

/** Nobody answered: no connection came about, or the answer did not come in time. */
public final class UnreachedException extends IOException {
  private static final long serialVersionUID = 1;

  /** With a message that names whom. */
  public UnreachedException(String message, Throwable cause) {
    super(message, cause);
  }
}
