package oca.store;

import java.io.IOException;

/** Content whose bytes are not those that its digest announces. */
public final class DigestMismatchException extends IOException {
  private static final long serialVersionUID = 1;

  private DigestMismatchException(String text) {
    super(text);
  }

  /** Of one block, counted from 0. */
  static DigestMismatchException ofBlock(ContentKey key, long block) {
    return new DigestMismatchException(
        "content " + key + ": block " + block + " is not the one that was announced");
  }

  /** Both digests as hexadecimal digits. */
  public DigestMismatchException(ContentKey key, String announced, String found) {
    super("content " + key + " has SHA-256 " + found + " where " + announced + " was announced");
  }
}
