package oca.protocol;

import oca.model.ContentPath;

/**
 * Where the digests of a file's blocks are published: in a file of their own, which is placed,
 * fetched, checked and served like any other.
 *
 * <p>That file is the SHA-256 of the first block, of the second and so on, {@value #DIGEST_BYTES}
 * bytes each, and nothing else. Whoever has it can prove a single block without the rest of the
 * file. It is trusted because the catalogue announces its own digest.
 *
 * @param size of a block in bytes, a multiple of 4096 from {@value #MIN_SIZE} to {@value
 *     #MAX_SIZE}; the file's last block may be shorter
 * @param path under which the list is published, in the same title as the file
 */
public record BlockList(int size, String path) {
  /** The smallest block: a page. */
  public static final int MIN_SIZE = 4096;

  /** The largest block: 64 MiB, the most that a store reads to check one. */
  public static final int MAX_SIZE = 64 << 20;

  /** The bytes of one digest. */
  public static final int DIGEST_BYTES = 32;

  public BlockList {
    if (size < MIN_SIZE || size > MAX_SIZE || size % MIN_SIZE != 0) {
      throw new IllegalArgumentException(
          "a block must be a multiple of 4096 bytes from 4096 to 67108864, not " + size);
    }
    String fault = ContentPath.fault(path);
    if (fault != null) {
      throw new IllegalArgumentException("the path of the block list " + fault + ": " + path);
    }
  }

  /** How long the list of a file of {@code fileLength} bytes is, in bytes. */
  public long lengthFor(long fileLength) {
    return fileLength == 0 ? 0 : DIGEST_BYTES * ((fileLength - 1) / size + 1);
  }
}
