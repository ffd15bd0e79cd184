package oca.protocol.kafka;

import java.io.IOException;

/** A broker that takes no message of that length, however often it is sent. */
public final class TooLargeException extends IOException {
  private static final long serialVersionUID = 1;

  TooLargeException(String message, Throwable cause) {
    super(message, cause);
  }
}
