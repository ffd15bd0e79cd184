package oca.bench.pull;

import java.nio.ByteBuffer;
import oca.bench.serve.MadeBytes;

/**
 * The content of all objects that the origin makes up: noise that comes again after a prime number
 * of bytes. It is compared many bytes at a time, and bytes from a wrong place or another object are
 * seen to be wrong, since no distance between blocks is a multiple of the prime. Safe on any
 * thread.
 */
final class Noise {
  private static final int PERIOD = 1_048_573;
  private static final long STRIDE = 262_147;

  private final ByteBuffer once;

  Noise() {
    ByteBuffer made = ByteBuffer.allocateDirect(1 << 20);
    MadeBytes.fill(made, 0);
    once = made.flip().slice(0, PERIOD);
  }

  /** Fills what is left of a buffer with an object's content from an offset on. */
  void fill(ByteBuffer into, long object, long offset) {
    int at = place(object, offset);
    while (into.hasRemaining()) {
      int count = Math.min(into.remaining(), PERIOD - at);
      into.put(once.slice(at, count));
      at = 0;
    }
  }

  /** Whether what is left in a buffer is an object's content from an offset on; it is taken. */
  boolean matches(ByteBuffer bytes, long object, long offset) {
    int at = place(object, offset);
    boolean right = true;
    while (bytes.hasRemaining()) {
      int count = Math.min(bytes.remaining(), PERIOD - at);
      right &= bytes.slice(bytes.position(), count).mismatch(once.slice(at, count)) < 0;
      bytes.position(bytes.position() + count);
      at = 0;
    }
    return right;
  }

  private static int place(long object, long offset) {
    return (int) ((offset + object * STRIDE) % PERIOD);
  }
}
