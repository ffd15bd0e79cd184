package oca.server.authorize;

import oca.protocol.token.KeyRing;
import oca.protocol.token.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * JWTs whose signature one event loop has verified, so that it does so once a session and not once
 * a request: ES256 takes some hundred microseconds.
 *
 * <p>A table of fixed size, eight places to each slot, the one unused for longest given up for the
 * next. Only tokens that were good come in, so strangers cannot push others out. It is found by the
 * whole of its characters, compared in constant time: what a comparison costs does not tell how
 * much of a good token somebody has guessed. One thread only.
 */
final class SeenTokens {
  private static final int PLACES = 8;

  /**
   * A token that was verified.
   *
   * @param text all its characters, ASCII
   * @param key what verified it
   * @param claims what it says, checked as far as neither time nor request matter
   */
  record Seen(byte[] text, SigningKey key, JwtClaims claims) {}

  private final @Nullable Seen[] places;
  private final long[] used;
  private long uses;
  private byte[] scratch = new byte[256];
  private int length;
  private int slot;

  /**
   * @param most tokens that are kept; rounded up to a power of two
   */
  SeenTokens(int most) {
    int size = Math.max(PLACES, Integer.highestOneBit(Math.max(1, most - 1)) << 1);
    places = new @Nullable Seen[size];
    used = new long[size];
  }

  /** The token that is this part of the text, or null. */
  @Nullable Seen find(String text, int from, int to) {
    read(text, from, to);
    for (int i = slot; i < slot + PLACES; i++) {
      Seen seen = places[i];
      if (seen != null && seen.text().length == length && isScratch(seen.text())) {
        used[i] = ++uses;
        return seen;
      }
    }
    return null;
  }

  /** Keeps the token that {@link #find} was last asked for. */
  Seen keep(SigningKey key, JwtClaims claims) {
    int oldest = slot;
    for (int i = slot; i < slot + PLACES; i++) {
      if (used[i] < used[oldest]) {
        oldest = i;
      }
    }
    Seen seen = new Seen(java.util.Arrays.copyOf(scratch, length), key, claims);
    places[oldest] = seen;
    used[oldest] = ++uses;
    return seen;
  }

  /** Forgets all tokens whose key is not in the ring any more. */
  void retain(KeyRing keys) {
    for (int i = 0; i < places.length; i++) {
      Seen seen = places[i];
      if (seen != null && !keys.keys().contains(seen.key())) {
        places[i] = null;
        used[i] = 0;
      }
    }
  }

  private void read(String text, int from, int to) {
    length = to - from;
    if (scratch.length < length) {
      scratch = new byte[length];
    }
    int hash = 0;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(from + i);
      scratch[i] = (byte) c;
      hash = 31 * hash + c;
    }
    slot = ((hash * 0x9e3779b9) >>> 8) & (places.length - PLACES);
  }

  private boolean isScratch(byte[] text) {
    int different = 0;
    for (int i = 0; i < text.length; i++) {
      different |= text[i] ^ scratch[i];
    }
    return different == 0;
  }
}
