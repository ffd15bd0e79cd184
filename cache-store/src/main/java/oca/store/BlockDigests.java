package oca.store;

import java.util.Arrays;
import oca.store.disk.ContentFile;

/**
 * The SHA-256 of each block of a file as its publisher announced them, so that a block can be
 * trusted before the whole file is here. Immutable.
 */
public final class BlockDigests {
  private static final int DIGEST_BYTES = 32;

  private final int blockBytes;
  private final byte[] digests;

  private BlockDigests(int blockBytes, byte[] digests) {
    this.blockBytes = blockBytes;
    this.digests = digests;
  }

  /**
   * Of the digests one after the other.
   *
   * @param blockBytes the size of all blocks but the last, which may be short: whole pages of 4
   *     KiB, up to 64 MiB
   * @param digests 32 bytes for each block
   */
  public static BlockDigests of(int blockBytes, byte[] digests) {
    if (!ContentFile.validBlock(blockBytes)) {
      throw new IllegalArgumentException("not a block size: " + blockBytes);
    }
    if (digests.length % DIGEST_BYTES != 0) {
      throw new IllegalArgumentException("not a whole number of digests: " + digests.length);
    }
    return new BlockDigests(blockBytes, digests.clone());
  }

  /** The size of a block in bytes. */
  public int blockBytes() {
    return blockBytes;
  }

  /** How many there are. */
  public long blocks() {
    return digests.length / DIGEST_BYTES;
  }

  /** Whether a block, counted from 0, has this digest. */
  public boolean matches(long block, byte[] sha256) {
    int at = Math.toIntExact(block * DIGEST_BYTES);
    return Arrays.equals(digests, at, at + DIGEST_BYTES, sha256, 0, sha256.length);
  }
}
