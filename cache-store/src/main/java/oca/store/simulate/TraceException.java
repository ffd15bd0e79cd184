package oca.store.simulate;

import java.io.IOException;

/** A trace that cannot be read: where, what, and what to do about it. */
public final class TraceException extends IOException {
  private static final long serialVersionUID = 1;

  TraceException(String message) {
    super(message);
  }
}
