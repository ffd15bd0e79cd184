package oca.server.http;

import java.io.IOException;

/** A file whose bytes could not be read, as against a client that could not be reached. */
final class ContentReadException extends IOException {
  private static final long serialVersionUID = 1;

  ContentReadException(String message) {
    super(message);
  }

  ContentReadException(String message, Throwable cause) {
    super(message, cause);
  }
}
