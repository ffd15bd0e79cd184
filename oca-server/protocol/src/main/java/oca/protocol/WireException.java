package oca.protocol;

import java.io.IOException;

/** Bytes that are not the message they should be. The message names line, column and field. */
public final class WireException extends IOException {
  private static final long serialVersionUID = 1;

  WireException(String message) {
    super(message);
  }

  WireException(String message, Throwable cause) {
    super(message, cause);
  }
}
