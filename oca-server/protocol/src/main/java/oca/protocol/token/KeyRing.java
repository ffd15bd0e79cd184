package oca.protocol.token;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that tokens are checked with; immutable, safe on any thread.
 *
 * <p>Keys are rotated by overlap: the new key is in the ring before the first token is made with
 * it, and the old one stays until the last token made with it has expired, its {@code notAfter}.
 */
public final class KeyRing {
  /** The most keys in a ring. */
  public static final int MAX_KEYS = 64;

  /** No keys at all. */
  public static final KeyRing EMPTY = new KeyRing(List.of());

  private final List<SigningKey> keys;

  /**
   * A ring of these keys.
   *
   * @throws IllegalArgumentException when two have one id, or there are too many
   */
  public KeyRing(List<SigningKey> keys) {
    this.keys = List.copyOf(keys);
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "more than " + MAX_KEYS + " keys; remove those whose notAfter is past");
    }
    Set<String> ids = new HashSet<>();
    for (SigningKey key : keys) {
      if (!ids.add(key.id())) {
        throw new IllegalArgumentException(
            "two keys have the id \"" + key.id() + "\"; a token names its key by it: rename one");
      }
    }
  }

  /** The keys, in the order given. */
  public List<SigningKey> keys() {
    return keys;
  }

  public int size() {
    return keys.size();
  }

  public SigningKey key(int index) {
    return keys.get(index);
  }

  /**
   * The key to make new things with: of those of the algorithm that are valid from now to the end,
   * the one that began last, so that a key whose {@code notBefore} is still to come takes over by
   * itself, everywhere at the same second. Empty when there is none.
   */
  public Optional<SigningKey> newest(Algorithm algorithm, long nowSecond, long endSecond) {
    return keys.stream()
        .filter(key -> key.algorithm() == algorithm)
        .filter(key -> key.isValidAt(nowSecond) && key.isValidAt(endSecond))
        .reduce((one, other) -> other.notBeforeSecond() > one.notBeforeSecond() ? other : one);
  }

  /** The index of the key that a part of a text names and that has the algorithm, or -1. */
  int find(String text, int from, int to, Algorithm algorithm) {
    for (int i = 0; i < keys.size(); i++) {
      SigningKey key = keys.get(i);
      if (key.algorithm() == algorithm
          && key.id().length() == to - from
          && text.startsWith(key.id(), from)) {
        return i;
      }
    }
    return -1;
  }
}
