package oca.server.http;

import java.io.IOException;

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

  /** Whether the store was told already. */
  boolean isReported() {
    return reported;
  }
}
