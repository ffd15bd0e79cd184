package oca.server.http;

import java.io.IOException;
import oca.store.DamagedBlockException;

/** A file whose bytes could not be read, as against a client that could not be reached. */
final class ContentReadException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean reported;

  ContentReadException(String message) {
    this(message, false);
  }

  ContentReadException(String message, boolean reported) {
    super(message);
    this.reported = reported;
  }

  ContentReadException(String message, Throwable cause) {
    super(message, cause);
    this.reported = false;
  }

  /** A block is not what was written. */
  ContentReadException(DamagedBlockException damage) {
    super(damage.getMessage(), damage);
    this.reported = true;
  }

  /** Whether the bytes are damaged, and the store has taken the file out by now. */
  boolean isDamage() {
    return getCause() instanceof DamagedBlockException;
  }

  /** Whether the store was told already. */
  boolean isReported() {
    return reported;
  }
}
