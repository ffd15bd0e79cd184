package oca.store;

import java.io.IOException;

/** Content whose bytes are not those that its digest announces. */
public final class DigestMismatchException extends IOException {
  private static final long serialVersionUID = 1;

  /** Both digests as hexadecimal digits. */
  public DigestMismatchException(ContentKey key, String announced, String found) {
    super("content " + key + " has SHA-256 " + found + " where " + announced + " was announced");
  }
}
