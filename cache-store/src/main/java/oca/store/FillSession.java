package oca.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One file on its way into the store. For one thread at a time; may block on the disk.
 *
 * <p>The content comes block by block: either appended, which fills the gaps in order, or each
 * block by itself. A block counts once all its bytes are here and match the announced digest, if
 * there is one. Readers may see such announced blocks as {@link Lookup.Filling}; the file becomes a
 * {@link Lookup.Hit} in {@link #commit}, whole or not at all.
 */
public interface FillSession extends AutoCloseable {

  /** What is being filled. */
  ContentMeta meta();

  /** The size of a block, in bytes. */
  int blockBytes();

  /**
   * Bytes that are missing.
   *
   * @param from the first of them
   * @param to the first byte after them
   */
  record Gap(long from, long to) {}

  /**
   * The first bytes that are missing, without a gap between them; null when none are. At the start
   * this may be other than the whole file, when an earlier session's blocks were found.
   */
  @Nullable Gap nextGap();

  /**
   * From now on bytes come from elsewhere.
   *
   * @throws IllegalArgumentException when the generation is another one
   */
  void from(Provenance provenance);

  /**
   * Appends all remaining bytes at the beginning of the next gap.
   *
   * @throws DigestMismatchException when a block is not the announced one: it is dropped, those
   *     before it stay, and the session goes on at that block, best from another source
   * @throws FencedException when a writer of a higher generation took the file over
   * @throws IOException when the disk fails or more bytes come than are missing; the session is
   *     then of no further use but to be closed
   */
  void append(ByteBuffer bytes) throws IOException;

  /**
   * Writes one block that is missing; failures as in {@link #append}.
   *
   * @param block counted from 0
   * @param bytes exactly that block
   */
  void write(long block, ByteBuffer bytes) throws IOException;

  /**
   * Checks length and digest, makes the file durable and publishes it.
   *
   * @throws DigestMismatchException when the bytes are not those that were announced; they are
   *     dropped
   * @throws IOException when bytes are missing or the disk fails
   */
  void commit() throws IOException;

  /**
   * Ends the session. Without a commit before it, the blocks that are here are kept for a later
   * session, and nothing is published.
   */
  @Override
  void close();
}
